import Synchronization

/// What something comes to, for any number who wait for it; who waits can give up.
final class Outcome<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, any Error>?
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state = Mutex(State())

    func resolve(_ result: Result<Value, any Error>) {
        let waiters = state.withLock { state in
            state.result = result
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for the result.
    ///
    /// - Parameter time: how long at most; nil for as long as it takes.
    /// - Returns: nil when the time is over.
    /// - Throws: what it comes to; `CancellationError` when the caller is cancelled.
    func value(within time: Duration? = nil) async throws -> Value? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let alarm = time.map { time in
            Task {
                try? await Task.sleep(for: time)
                giveUp(id)
            }
        }
        defer { alarm?.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.result == nil, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            giveUp(id)
        }
        if let result = state.withLock({ $0.result }) { return try result.get() }
        try Task.checkCancellation()
        return nil
    }

    private func giveUp(_ id: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
}
