import Glibc
import SystemPackage

/// What this host's containers share of a network: which subnet, and which address is whose.
///
/// It is the network namespace's, not a store's: two stores share the bridge. It ends with the machine's run, as the
/// bridge and all addresses do.
struct NetworkFolder {
    private static let parent: FilePath = "/run/berth/network"

    let path: FilePath

    init() throws {
        try self.init(at: Self.parent.appending(String(NetworkNamespace.currentNumber)))
    }

    init(at path: FilePath) throws {
        self.path = path
        try makeFolders(leases, mode: 0o700)
    }

    var leases: FilePath { path.appending("leases") }

    /// Runs `body` while no other process does.
    func withLock<Value>(_ body: () throws -> Value) throws -> Value {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: path, .current) }
        // Closing it unlocks it.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SandboxError.system(operation: "lock", path: path, .current) }
        }
        return try body()
    }

    func write(_ bytes: [UInt8], as name: String) throws {
        try replaceFile(at: path.appending(name), with: bytes, isDurable: false)
    }
}
