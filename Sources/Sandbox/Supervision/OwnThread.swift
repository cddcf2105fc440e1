import Glibc
import SystemPackage

/// A thread for one piece of work that blocks as long as it likes, or that the kernel ties to the thread that began it.
struct OwnThread {
    private let thread: pthread_t

    /// Starts `body` on a new thread, which ends with it; it must be joined or detached.
    ///
    /// - Throws: ``SandboxError/startFailed(step:subject:_:)``.
    init(_ body: @escaping @Sendable () -> Void) throws(SandboxError) {
        let pointer = Unmanaged.passRetained(Work(body: body)).toOpaque()
        var thread = pthread_t()
        let error = pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            },
            pointer
        )
        guard error == 0 else {
            Unmanaged<Work>.fromOpaque(pointer).release()
            throw .startFailed(step: "cannot start a thread", subject: "", Errno(rawValue: error))
        }
        self.thread = thread
    }

    /// Waits for the end of the work.
    func join() {
        pthread_join(thread, nil)
    }

    /// Lets the thread end when it does.
    func detach() {
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}

/// Runs `body` on a thread of its own.
func withOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async -> Result<Value, any Error> {
    await withCheckedContinuation { continuation in
        do {
            try OwnThread { continuation.resume(returning: Result { try body() }) }.detach()
        } catch {
            continuation.resume(returning: .failure(error))
        }
    }
}
