/// A number of failures that are borne, of which one comes back after each pause.
struct FailureAllowance {
    let limit: Int
    let pause: Duration
    /// How many are spent, as of ``time``.
    private var spent = 0.0
    private(set) var time: ContinuousClock.Instant

    init(limit: Int, pause: Duration, at time: ContinuousClock.Instant) {
        self.limit = limit
        self.pause = pause
        self.time = time
    }

    /// How long until there is one; nil when there is.
    func wait(at now: ContinuousClock.Instant) -> Duration? {
        let excess = spent(at: now) + 1 - Double(limit)
        return excess > 0 ? pause * excess : nil
    }

    mutating func spend(at now: ContinuousClock.Instant) {
        spent = min(spent(at: now) + 1, Double(limit))
        time = now
    }

    mutating func giveBack(at now: ContinuousClock.Instant) {
        spent = max(0, spent(at: now) - 1)
        time = now
    }

    private func spent(at now: ContinuousClock.Instant) -> Double {
        max(0, spent - max(.zero, now - time) / pause)
    }
}
