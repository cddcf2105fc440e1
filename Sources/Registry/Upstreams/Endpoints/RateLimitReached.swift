/// We were told to ask an endpoint no more often than we already do.
struct RateLimitReached: Error, Equatable {
    /// How long until there is a turn.
    let pause: Duration
}

extension RateLimitReached: CustomStringConvertible {
    var description: String { "it gets no more requests for now than its 'requests_per_second' allows" }
}
