import Glibc
import SystemPackage

/// An OCI runtime, such as runc or crun, that runs a container instead of berth's own sandbox.
package struct RuntimeProgram: Sendable, Hashable, Codable {
    /// What berth's own sandbox is called where a runtime is to be named.
    package static let ownName = "berth"
    /// Where programs of the system are; the caller's PATH may lack those for root.
    static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// As its user named it.
    package let name: String
    /// Absolute.
    package let path: String

    /// Finds the runtime that `name` means: a path, or the name of a program.
    ///
    /// - Parameter searchPath: as in PATH; those of the system are looked into last.
    /// - Throws: ``SandboxError/noRuntime(_:)``.
    package init(_ name: String, searchPath: String) throws {
        self.name = name
        let places: [FilePath]
        if name.utf8.contains(UInt8(ascii: "/")) {
            places = [try absolute(FilePath(name)).lexicallyNormalized()]
        } else {
            // A relative folder would be the working folder, whatever stands there.
            places = "\(searchPath):\(Self.systemPath)".split(separator: ":").filter { $0.hasPrefix("/") }
                .map { FilePath(String($0)).appending(name) }
        }
        guard !name.isEmpty, !name.utf8.contains(0), let path = places.first(where: Self.isProgram) else {
            throw SandboxError.noRuntime(name)
        }
        self.path = path.string
    }

    /// - Throws: ``SandboxError/noRuntime(_:)`` where it has gone since.
    func check() throws(SandboxError) {
        guard Self.isProgram(FilePath(path)) else { throw .noRuntime(name == path ? name : "\(name) (\(path))") }
    }

    private static func isProgram(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path.string, X_OK) == 0
    }
}

extension ContainerConfiguration {
    /// - Throws: ``SandboxError/notWithRuntime(_:)``, where something is wanted that only berth's own sandbox does.
    func checkRuntime() throws(SandboxError) {
        guard runtime != nil else { return }
        guard !StartPlan.isRootless else { throw .notWithRuntime("an ordinary user's container") }
        if isolation.hasReaper { _ = try RuntimeInit() }
        guard !mounts.mounts.contains(where: { $0.propagation == .shared }) else {
            throw .notWithRuntime("a mount that is shared")
        }
    }
}
