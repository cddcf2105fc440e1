import Glibc

/// Runs `body` on a thread of its own, which ends with it.
///
/// For work that blocks as long as it likes, or that the kernel ties to the thread that began it.
func withOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async -> Result<Value, any Error> {
    await withCheckedContinuation { continuation in
        let work = Work { continuation.resume(returning: Result { try body() }) }
        let pointer = Unmanaged.passRetained(work).toOpaque()
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
            let failure = SandboxError.startFailed(step: "cannot start a thread", subject: "", .init(rawValue: error))
            return continuation.resume(returning: .failure(failure))
        }
        pthread_detach(thread)
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
