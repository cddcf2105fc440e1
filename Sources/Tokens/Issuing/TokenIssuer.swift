import Access
import ImageSpec

/// Makes the tokens with which clients come back to the registry.
///
/// - SeeAlso: distribution's "Token Authentication Specification".
package struct TokenIssuer: Sendable {
    package let keys: SigningKeys
    package let configuration: TokenConfiguration
    private let now: @Sendable () -> Int64

    /// More in one token would make it longer than what is accepted.
    package static let maximumScopes = 64

    package init(
        keys: SigningKeys,
        configuration: TokenConfiguration,
        now: @escaping @Sendable () -> Int64 = TokenTime.now
    ) {
        self.keys = keys
        self.configuration = configuration
        self.now = now
    }

    /// Makes a token that allows `identity` what it asks for, as far as `policy` does. A token that allows less, or
    /// nothing, is no error: the registry says so when it is used.
    ///
    /// - Parameter end: of what proved the caller, in seconds since 1970; nil when that has none of its own.
    /// - Throws: ``TokenError/tooManyScopes(limit:)``, ``TokenError/noSigningKey``.
    package func issue(
        for identity: Identity,
        scopes: [RequestedScope],
        policy: AccessPolicy,
        end: Int64? = nil
    ) throws(TokenError) -> IssuedToken {
        guard scopes.count <= Self.maximumScopes else { throw .tooManyScopes(limit: Self.maximumScopes) }
        let time = now()
        let remaining = min(remainingTime(of: identity, policy, at: time), end.map { $0 - time } ?? .max)
        let lifetime = max(0, min(configuration.lifetimeSeconds, remaining))
        var members = RegistryTokenClaims(
            identity: identity,
            scopes: granted(scopes, to: identity, policy),
            allowsCatalog: scopes.contains(.catalog)
        ).members
        members["iss"] = .string(configuration.issuer)
        members["aud"] = .string(configuration.service)
        members["iat"] = .integer(time)
        members["nbf"] = .integer(time)
        members["exp"] = .integer(time + lifetime)
        var generator = SystemRandomNumberGenerator()
        members["jti"] = .string(String(generator.next(), radix: 36) + String(generator.next(), radix: 36))
        return IssuedToken(text: try sign(.object(members)), issuedAt: time, lifetime: lifetime)
    }

    /// Each repository once, with what is allowed of all that was asked for it.
    private func granted(
        _ scopes: [RequestedScope],
        to identity: Identity,
        _ policy: AccessPolicy
    ) -> [(repository: RepositoryName, actions: Actions)] {
        var granted: [(repository: RepositoryName, actions: Actions)] = []
        for case .repository(let repository, let asked) in scopes {
            let actions = policy.actions(of: identity, on: repository).allowed.intersection(asked)
            if let index = granted.firstIndex(where: { $0.repository == repository }) {
                granted[index].actions.formUnion(actions)
            } else if !actions.isEmpty {
                granted.append((repository, actions))
            }
        }
        return granted
    }

    /// A token must not outlive what it was made from.
    private func remainingTime(of identity: Identity, _ policy: AccessPolicy, at time: Int64) -> Int64 {
        guard case .account(_, _, let id?) = identity,
            let end = policy.tokensByID[id]?.expiresAt
        else { return .max }
        return end - time
    }

    private func sign(_ payload: JSONValue) throws(TokenError) -> String {
        let key = try keys.current()
        let header = JSONValue.object([
            "alg": .string(key.algorithm.rawValue), "kid": .string(key.id), "typ": .string("JWT"),
        ])
        let text = Base64URL.text(of: header.compactText) + "." + Base64URL.text(of: payload.compactText)
        guard let signature = try? key.sign(Array(text.utf8)) else { throw .noSigningKey }
        let token = text + "." + Base64URL.text(of: signature)
        guard token.utf8.count <= CompactToken.maximumLength else { throw .tooManyScopes(limit: Self.maximumScopes) }
        return token
    }
}
