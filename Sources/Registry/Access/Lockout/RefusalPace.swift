/// When logins are answered that are refused: at once as long as there are few, and no more of them a second than cost the
/// server little, however many try.
///
/// A value without a clock. Who has the right credential never waits.
package struct RefusalPace: Sendable {
    private let interval: Duration
    private let burst: Int
    private let longest: Duration
    /// When the next one would be answered if there were no burst.
    private var next: ContinuousClock.Instant?

    /// - Parameters:
    ///   - perSecond: how many are answered.
    ///   - burst: how many at once after a pause.
    ///   - longest: after how long one is answered in any case: clients give up on a server that says nothing.
    package init(perSecond: Int = 100, burst: Int = 100, longest: Duration = .seconds(5)) {
        interval = .seconds(1) / max(1, perSecond)
        self.burst = max(1, burst)
        self.longest = longest
    }

    /// How long the next refusal waits for its answer.
    package mutating func delay(at now: ContinuousClock.Instant) -> Duration {
        let earliest = now - interval * burst
        let turn = max(next ?? earliest, earliest) + interval
        let delay = max(.zero, min(turn - now, longest))
        // Those who were answered early take no turns from who comes after them.
        next = min(turn, now + longest)
        return delay
    }
}
