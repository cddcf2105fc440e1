import Glibc
import SystemPackage

/// A thread for one piece of work that blocks as long as it likes.
struct WorkThread {
    private let thread: pthread_t

    /// Starts `body` on a new thread, which ends with it; it must be joined or detached.
    init(_ body: @escaping @Sendable () -> Void) throws(LayerFailure) {
        let work = Unmanaged.passRetained(Work(body: body))
        var thread = pthread_t()
        let error = pthread_create(
            &thread,
            nil,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        guard error == 0 else {
            work.release()
            throw LayerFailure("no thread can be started: \(Errno(rawValue: error))", isOfTheMachine: true)
        }
        self.thread = thread
    }

    /// Waits for the end of the work.
    func join() {
        pthread_join(thread, nil)
    }

    /// Runs `body` on a thread of its own.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                pthread_detach(try WorkThread { continuation.resume(with: Result { try body() }) }.thread)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
