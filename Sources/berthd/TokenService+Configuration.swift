import Access
import Registry
import Tokens

extension TokenService {
    /// The token service as it is configured, with the keys that `keys` has.
    ///
    /// - Throws: what the store of the keys does.
    init(
        _ configuration: ServeConfiguration,
        keys store: any SigningKeyStore,
        access: AccessControl,
        credentials: any CredentialAuthenticator
    ) async throws {
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
            authenticator: credentials,
            makeRefreshToken: { owner, client in
                try await access.makeToken(.refresh, for: owner, name: client, scopes: nil, lifetime: Self.refreshTime)
                    .secret.text
            },
            policy: { access.policy }
        )
    }

    /// How long a client that logged in may come back without its password.
    private static let refreshTime = Duration.seconds(90 * 86_400)
}
