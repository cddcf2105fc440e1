/// When a plan is carried out: at the minutes of a cron expression, each put off by chance so that many who have the
/// same expression don't come at once.
package struct Schedule: Sendable, Equatable {
    package var expression: CronExpression
    package var zone: CronZone
    /// The longest that a time is put off.
    package var jitter: Duration

    package init(_ expression: CronExpression, zone: CronZone = .local, jitter: Duration = .zero) {
        self.expression = expression
        self.zone = zone
        self.jitter = jitter
    }

    /// The next time.
    ///
    /// - Parameter seconds: since 1970: the last time as the expression has it, or now.
    /// - Returns: the time as the expression has it, to ask for the one after it, and how long to wait beyond that;
    ///   nil when there is none.
    package func next(
        after seconds: Int,
        using generator: inout some RandomNumberGenerator
    ) -> (time: Int, delay: Duration)? {
        guard let time = expression.next(after: seconds, in: zone) else { return nil }
        let delay = jitter > .zero ? jitter * Double.random(in: 0...1, using: &generator) : .zero
        return (time, delay)
    }
}
