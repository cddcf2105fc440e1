import Synchronization

/// Lets so many through in a second and no more: who comes early waits for their turn, in the order in which they came.
final class RateLimit: Sendable {
    /// How many a second.
    private let rate: Double
    /// When the next one's turn is.
    private let next: Mutex<ContinuousClock.Instant>
    /// How far the turns may lag behind: after a pause so much goes through at once.
    private let burst: Duration

    init(_ rate: Double, burst: Duration = .milliseconds(200)) {
        self.rate = rate
        self.burst = burst
        next = Mutex(.now - burst)
    }

    /// Whether some wait for their turn.
    var isHoldingBack: Bool { next.withLock { $0 } > .now }

    /// Returns when `count` more may pass.
    ///
    /// - Parameter patience: the longest time that is waited; nil for any.
    /// - Throws: ``RateLimitReached`` at once, and without taking a turn, when it would be longer; `CancellationError`.
    func admit(_ count: Int = 1, within patience: Duration? = nil) async throws {
        let now = ContinuousClock.now
        let turn = try next.withLock { next in
            let turn = max(next, now - burst)
            if let patience, turn - now > patience { throw RateLimitReached(pause: turn - now) }
            next = turn + .seconds(Double(count) / rate)
            return turn
        }
        if turn > now { try await Task.sleep(until: turn, clock: .continuous) }
    }
}
