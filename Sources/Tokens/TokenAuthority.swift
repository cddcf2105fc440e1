import Access

/// Judges any token: our own, those of other token services, and those of identity providers.
///
/// Who has issued a token decides whose keys must have signed it and whom it must be for.
package struct TokenAuthority: Sendable {
    private struct External: Sendable {
        let service: ExternalTokenService
        let keys: RemoteKeys
    }

    private struct Provider: Sendable {
        let provider: IdentityProvider
        let keys: RemoteKeys
    }

    /// How many foreign tokens are remembered.
    private static let memoryCount = 10_000
    /// How much a foreign clock may be wrong, in seconds.
    private static let leeway: Int64 = 30

    private let own: TokenVerifier
    private let externals: [String: External]
    private let providers: [String: Provider]
    private let now: @Sendable () -> Int64
    private let memory = TokenMemory<TokenClaims>(count: memoryCount)
    /// Where an external service would have clients get their tokens.
    package let externalRealm: (realm: String, service: String)?

    /// - Parameters:
    ///   - services: each with an issuer of its own.
    ///   - providers: each with an issuer of its own.
    package init(
        own: TokenVerifier,
        services: [ExternalTokenService] = [],
        providers: [IdentityProvider] = [],
        fetch: @escaping KeyFetch,
        now: @escaping @Sendable () -> Int64 = TokenTime.now
    ) {
        self.own = own
        self.now = now
        externals = Dictionary(
            services.map { service in
                let configuration = service.configuration
                let keys = RemoteKeys(
                    of: configuration.issuer,
                    at: configuration.keys,
                    authorities: configuration.authorities,
                    fetch: fetch,
                    now: now
                )
                return (configuration.issuer, External(service: service, keys: keys))
            }
        ) { first, _ in first }
        self.providers = Dictionary(
            providers.map { provider in
                let configuration = provider.configuration
                let keys = RemoteKeys(
                    of: configuration.issuer,
                    at: configuration.keys,
                    authorities: configuration.authorities,
                    fetch: fetch,
                    now: now
                )
                return (configuration.issuer, Provider(provider: provider, keys: keys))
            }
        ) { first, _ in first }
        externalRealm =
            services.lazy.compactMap { service in
                service.configuration.realm.map { ($0, service.configuration.service) }
            }.first
    }

    /// Whether `text` looks like a token rather than like a password.
    package static func isToken(_ text: String) -> Bool { CompactToken.isLike(text) }

    /// Whom a token stands for that came in the `Authorization` field, by the Bearer scheme.
    ///
    /// - Parameter policy: says which accounts and groups there are.
    /// - Throws: ``TokenError``.
    package func verify(_ text: String, policy: AccessPolicy) async throws(TokenError) -> VerifiedToken {
        guard text.utf8.count <= CompactToken.maximumLength else { throw .tooLong(limit: CompactToken.maximumLength) }
        if let known = own.remembered(text) { return known }
        if let claims = memory.value(of: TokenMemory<TokenClaims>.key(of: text), at: now()) {
            return try verified(claims, policy)
        }
        let token = try CompactToken(text)
        guard let issuer = token.claims.issuer else { throw .missingClaim("iss") }
        guard isForeign(issuer) else { return try await own.verify(token, text) }
        return try await verifyForeign(token, text, policy)
    }

    /// Whom a token of somebody else's stands for. One of ours is refused: a token must not be made from a token that is
    /// about to expire.
    ///
    /// - Throws: ``TokenError``.
    package func verifyForeign(_ text: String, policy: AccessPolicy) async throws(TokenError) -> VerifiedToken {
        guard text.utf8.count <= CompactToken.maximumLength else { throw .tooLong(limit: CompactToken.maximumLength) }
        if let claims = memory.value(of: TokenMemory<TokenClaims>.key(of: text), at: now()) {
            return try verified(claims, policy)
        }
        return try await verifyForeign(CompactToken(text), text, policy)
    }

    private func isForeign(_ issuer: String) -> Bool { externals[issuer] != nil || providers[issuer] != nil }

    private func verifyForeign(
        _ token: CompactToken,
        _ text: String,
        _ policy: AccessPolicy
    ) async throws(TokenError) -> VerifiedToken {
        guard let issuer = token.claims.issuer else { throw .missingClaim("iss") }
        let audiences: [String]
        if let external = externals[issuer] {
            try await external.keys.verify(token)
            audiences = external.service.audiences
        } else if let provider = providers[issuer] {
            try await provider.keys.verify(token)
            audiences = provider.provider.configuration.audiences
        } else {
            throw .unknownIssuer(token.claims.shownIssuer)
        }
        try token.claims.check(isFor: audiences, at: now(), leeway: (end: Self.leeway, start: Self.leeway))
        let verified = try verified(token.claims, policy)
        memory.remember(token.claims, of: TokenMemory<TokenClaims>.key(of: text), until: verified.expiresAt)
        return verified
    }

    /// The claims are remembered, not whom they stand for: rules may name groups and accounts, which change.
    private func verified(_ claims: TokenClaims, _ policy: AccessPolicy) throws(TokenError) -> VerifiedToken {
        guard let issuer = claims.issuer, let expiresAt = claims.expiresAt else { throw .missingClaim("exp") }
        let identity: Identity
        if let external = externals[issuer] {
            identity = try external.service.identity(of: claims)
        } else if let provider = providers[issuer] {
            identity = try provider.provider.identity(of: claims, policy: policy)
        } else {
            throw .unknownIssuer(claims.shownIssuer)
        }
        return VerifiedToken(identity: identity, catalogIdentity: identity, expiresAt: expiresAt + Self.leeway)
    }
}
