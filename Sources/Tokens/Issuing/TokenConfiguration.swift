/// How our own tokens are.
package struct TokenConfiguration: Sendable, Hashable {
    /// Who makes them.
    package var issuer = "berth"
    /// Whom they are for: this registry.
    package var service = "berth"
    /// How long they live.
    package var lifetime: Duration = .seconds(300)
    package var algorithm = SigningAlgorithm.es256

    package init() {}

    var lifetimeSeconds: Int64 { max(1, lifetime.components.seconds) }
}
