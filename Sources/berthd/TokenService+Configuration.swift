import Access
import Registry
import Tokens

extension TokenService {
    /// The token service as it is configured, with the keys that `keys` has.
    ///
    /// - Throws: what the store of the keys does.
    init(_ configuration: ServeConfiguration, keys store: any SigningKeyStore) async throws {
        let keys = SigningKeys(store: store, algorithm: configuration.tokens.algorithm)
        try await keys.refresh()
        self.init(
            issuer: TokenIssuer(keys: keys, configuration: configuration.tokens),
            authority: TokenAuthority(
                own: TokenVerifier(keys: keys, configuration: configuration.tokens),
                services: configuration.externalTokens.map { ExternalTokenService($0) },
                providers: configuration.identityProviders.map { IdentityProvider($0) },
                fetch: KeyDocuments.fetch
            ),
            authenticator: NobodyKnown(),
            policy: { [isOpen = configuration.identityProviders.isEmpty && configuration.externalTokens.isEmpty] in
                isOpen ? .open : AccessPolicy()
            }
        )
    }
}

/// Until there are accounts.
private struct NobodyKnown: CredentialAuthenticator {
    func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        throw .wrongCredential
    }
}
