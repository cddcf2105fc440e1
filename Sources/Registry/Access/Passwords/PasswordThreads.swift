import CPassword
import Foundation
import Synchronization

/// Where passwords are hashed: a quarter of a second of computing each, which must hold up nothing else.
///
/// One thread per two cores, at a lower priority than all that serves; there are only as many as there is work, and each
/// ends with it.
final class PasswordThreads: Sendable {
    private static let maximumWaiting = 64
    /// About a tenth of what a thread of the server gets of a core that both want: pulls hardly notice a storm of
    /// logins, and a login in a storm of pulls still ends in seconds.
    private static let niceness: Int32 = 10
    private static let maximumThreads = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var threads = 0
    }

    private let state = Mutex(State())

    /// - Throws: ``AuthenticationError/busy`` when as much waits as may.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(AuthenticationError) -> Value {
        let value: Value? = await withCheckedContinuation { continuation in
            let isTaken = start { continuation.resume(returning: work()) }
            if !isTaken { continuation.resume(returning: nil) }
        }
        guard let value else { throw .busy }
        return value
    }

    /// - Returns: whether it is run, now or later.
    private func start(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, needsThread) = state.withLock { state in
            guard state.waiting.count < Self.maximumWaiting else { return (false, false) }
            state.waiting.append(job)
            guard state.threads < Self.maximumThreads else { return (true, false) }
            state.threads += 1
            return (true, true)
        }
        if needsThread {
            let thread = Thread { self.work() }
            thread.name = "password"
            thread.start()
        }
        return isTaken
    }

    private func work() {
        berth_password_thread_yields(Self.niceness)
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
