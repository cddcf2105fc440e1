/// What a token service gave: a token, and until when to use it.
struct AccessToken: Sendable {
    /// Of a service that doesn't say.
    private static let defaultLifetime = Duration.seconds(60)
    /// A token that would end on its way is of no use.
    private static let shortestUse = Duration.seconds(5)

    let text: String
    /// A little before its ``end``.
    let renewal: ContinuousClock.Instant
    /// When it is no longer valid, by this machine's clock.
    let end: ContinuousClock.Instant

    /// - Parameter lifetime: as the service says, in seconds; less than a minute counts as a minute, as docker has it.
    init(_ text: String, lifetime: Int?, from now: ContinuousClock.Instant = .now) {
        self.text = text
        let lifetime = max(Self.defaultLifetime, .seconds(min(max(lifetime ?? 0, 0), 86_400)))
        end = now + lifetime
        renewal = end - max(Self.shortestUse, lifetime / 10)
    }

    /// One that its registry gave for good.
    init(permanent text: String) {
        self.text = text
        end = .now + .seconds(86_400 * 365)
        renewal = end
    }

    private init(_ token: AccessToken, renewal: ContinuousClock.Instant) {
        text = token.text
        end = token.end
        self.renewal = renewal
    }

    /// The same, to be renewed a moment later: the service that should have done it now could not.
    var postponed: AccessToken { AccessToken(self, renewal: .now + Self.shortestUse) }

    var isFresh: Bool { .now < min(renewal, end) }

    var isValid: Bool { .now < end }
}
