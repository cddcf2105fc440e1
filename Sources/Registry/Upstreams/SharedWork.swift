import Synchronization

/// Work that many may want at once and that is done once for all of them, to its end, whoever of them leaves.
final class SharedWork<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Running {
        let outcome: Outcome<Value>
        let task: Task<Void, Never>
    }

    private struct State {
        var running: [Key: Running] = [:]
        var isEnded = false
    }

    private let state = Mutex(State())

    /// What the work for `key` comes to that is under way, or `work`, which is begun when there is none.
    ///
    /// - Parameter time: how long to wait at most; the work goes on.
    /// - Returns: nil when the time is over.
    func value(
        for key: Key,
        within time: Duration? = nil,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await start(key, work).value(within: time)
    }

    /// How many are under way.
    var count: Int { state.withLock { $0.running.count } }

    /// Begins `work` unless it is under way, for nobody who waits.
    func begin(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) {
        _ = try? start(key, work)
    }

    private func start(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) throws -> Outcome<Value> {
        try state.withLock { state in
            if let running = state.running[key] { return running.outcome }
            guard !state.isEnded else { throw CancellationError() }
            let outcome = Outcome<Value>()
            let task = Task {
                let result: Result<Value, any Error>
                do {
                    result = .success(try await work())
                } catch {
                    result = .failure(error)
                }
                self.state.withLock { $0.running[key] = nil }
                outcome.resolve(result)
            }
            state.running[key] = Running(outcome: outcome, task: task)
            return outcome
        }
    }

    /// Ends all that is under way; nothing is begun after.
    func end() async {
        let tasks = state.withLock { state in
            state.isEnded = true
            return state.running.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
