import Access

/// Judges tokens of ours.
package struct TokenVerifier: Sendable {
    private let keys: SigningKeys
    private let configuration: TokenConfiguration
    private let now: @Sendable () -> Int64
    private let memory: TokenMemory<VerifiedToken>

    /// How many tokens are remembered.
    private static let memoryCount = 20_000
    /// How much another server's clock may be ahead, in seconds.
    private static let leeway: Int64 = 10

    package init(
        keys: SigningKeys,
        configuration: TokenConfiguration,
        now: @escaping @Sendable () -> Int64 = TokenTime.now
    ) {
        self.keys = keys
        self.configuration = configuration
        self.now = now
        memory = TokenMemory(count: Self.memoryCount)
    }

    /// Whom `text` stands for, at most until it expires. What they may do is for the policy to say, each time.
    ///
    /// - Throws: ``TokenError``.
    package func verify(_ text: String) async throws(TokenError) -> VerifiedToken {
        guard text.utf8.count <= CompactToken.maximumLength else { throw .tooLong(limit: CompactToken.maximumLength) }
        if let known = remembered(text) { return known }
        return try await verify(CompactToken(text), text)
    }

    func remembered(_ text: String) -> VerifiedToken? {
        memory.value(of: TokenMemory<VerifiedToken>.key(of: text), at: now())
    }

    /// - Parameter text: what `token` was read from.
    func verify(_ token: CompactToken, _ text: String) async throws(TokenError) -> VerifiedToken {
        guard token.claims.issuer == configuration.issuer else { throw .unknownIssuer(token.claims.shownIssuer) }
        try await keys.key(for: token).verify(token)
        try token.claims.check(isFor: [configuration.service], at: now(), leeway: (end: 0, start: Self.leeway))
        guard let expiresAt = token.claims.expiresAt else { throw .missingClaim("exp") }
        let callers = try RegistryTokenClaims.callers(of: token.claims)
        let verified = VerifiedToken(
            identity: callers.identity,
            catalogIdentity: callers.catalogIdentity,
            expiresAt: expiresAt
        )
        memory.remember(verified, of: TokenMemory<VerifiedToken>.key(of: text), until: expiresAt)
        return verified
    }
}
