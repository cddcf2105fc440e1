import CNetlink
import Glibc
import SystemPackage

/// A network namespace, held open.
final class NetworkNamespace: Sendable {
    let descriptor: Int32

    /// That of a process.
    ///
    /// - Throws: ``NetworkError/system(operation:path:_:)``.
    init(of process: pid_t) throws(NetworkError) {
        let path = "/proc/\(process)/ns/net"
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, .current) }
    }

    deinit {
        close(descriptor)
    }

    /// What the kernel tells this thread's namespace from others by, as long as it is there.
    static var currentNumber: UInt64 {
        var status = stat()
        return stat("/proc/thread-self/ns/net", &status) == 0 ? UInt64(status.st_ino) : 0
    }

    /// Runs `body` on a thread in this namespace, and waits for it. What it opens belongs to this namespace for good.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        // A thread of its own: one that could not go back would be lost to everything else.
        let thread = try OwnThread { [self] in
            outcome.result = Result {
                let error = berth_enter_network(descriptor)
                guard error == 0 else {
                    let operation = "enter the container's network"
                    throw NetworkError.refused(operation: operation, Errno(rawValue: error), detail: "")
                }
                return try body()
            }
        }
        thread.join()
        guard let result = outcome.result else { throw SandboxError.endedWhileStarting }
        return try result.get()
    }

    /// Written by the one thread, and read once that has ended.
    private final class Outcome<Value: Sendable>: @unchecked Sendable {
        var result: Result<Value, any Error>?
    }
}
