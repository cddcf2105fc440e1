import Registry
import Synchronization

/// Whether the server should be sent requests: the database answers, the disk takes writes, and it isn't stopping.
package final class Readiness: Sendable {
    package enum State: Sendable, Equatable {
        case ready
        case notReady(reason: String)
    }

    /// A check costs a write and a sync: however many ask, there is one a second.
    private static let lifetime = Duration.seconds(1)
    /// A check that takes longer than this has failed.
    private static let patience = Duration.seconds(5)

    private struct Known {
        var isDraining = false
        var state: State?
        var checkedAt: ContinuousClock.Instant?
        /// When the check that is under way began.
        var checkingSince: ContinuousClock.Instant?
    }

    private let registry: Registry
    private let known = Mutex(Known())

    package init(_ registry: Registry) {
        self.registry = registry
    }

    /// From now on the server isn't ready, for it is stopping.
    func drain() {
        known.withLock { $0.isDraining = true }
    }

    func state() async -> State {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            if let state = fresh() { return state }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { break }
            startCheck()
            try? await Task.sleep(for: .milliseconds(2))
        }
        return .notReady(reason: "the database or the disk doesn't answer")
    }

    private func fresh() -> State? {
        known.withLock { known in
            if known.isDraining { return .notReady(reason: "the server is stopping") }
            guard let checkedAt = known.checkedAt, ContinuousClock.now - checkedAt < Self.lifetime else { return nil }
            return known.state
        }
    }

    /// Not awaited: a disk that hangs would take who asks with it. One check at a time, so at most one hangs.
    private func startCheck() {
        let isFirst = known.withLock { known in
            guard known.checkingSince == nil else { return false }
            known.checkingSince = .now
            return true
        }
        guard isFirst else { return }
        Task {
            var state = State.ready
            do {
                try await registry.checkReadiness()
            } catch {
                state = .notReady(reason: "\(error)")
            }
            known.withLock { known in
                known.state = state
                known.checkedAt = .now
                known.checkingSince = nil
            }
        }
    }
}
