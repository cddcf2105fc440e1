import NIOCore
import Synchronization

/// Lets each client send so many requests a second, and some more at once every now and then.
///
/// A bucket of tokens for each key, kept as the one time at which it will be full again. Memory is bounded: keys are kept
/// in two halves, and when the newer is full the older is forgotten; those who are forgotten begin with a full bucket.
final class RequestRates<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var newer: [Key: NIODeadline] = [:]
        var older: [Key: NIODeadline] = [:]
    }

    private let halfLength: Int
    private let state = Mutex(State())

    /// - Parameter capacity: how many keys are known at once at most.
    init(capacity: Int = 65_536) {
        halfLength = max(1, capacity / 2)
    }

    /// Whether a request may be answered now; it counts when it may.
    ///
    /// - Parameters:
    ///   - rate: how many requests a second.
    ///   - burst: how many at once after a pause.
    /// - Returns: nil when it may; else when the next one may.
    func refusal(of key: Key, rate: Int, burst: Int, at now: NIODeadline = .now()) -> TimeAmount? {
        let interval = TimeAmount.nanoseconds(1_000_000_000 / Int64(max(1, rate)))
        let depth = TimeAmount.nanoseconds(interval.nanoseconds * Int64(max(1, burst)))
        return state.withLock { state in
            let full = max(state.newer[key] ?? state.older[key] ?? now, now) + interval
            let wait = (full - now) - depth
            guard wait <= .zero else { return wait }
            if state.newer.count >= halfLength, state.newer[key] == nil {
                state.older = state.newer
                state.newer = [:]
            }
            state.newer[key] = full
            return nil
        }
    }
}
