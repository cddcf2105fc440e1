import CSandbox
import Glibc

/// A process of another container, referred to by a descriptor: whatever becomes of its number.
final class HeldProcess: Sendable {
    let descriptor: Int32

    /// - Throws: ``NetworkError/system(operation:path:_:)``.
    init(_ process: pid_t) throws(NetworkError) {
        descriptor = berth_open_process(process)
        guard descriptor >= 0 else { throw .system(operation: "find", path: "/proc/\(process)", .current) }
    }

    deinit {
        close(descriptor)
    }
}
