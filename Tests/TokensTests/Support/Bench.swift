import Access
import Crypto
import ImageSpec
import Tokens

/// A registry's token issuer and verifier, with a clock and keys that a test can reach.
struct Bench {
    let clock = Clock()
    let store: MemoryKeyStore
    let keys: SigningKeys
    let issuer: TokenIssuer
    let verifier: TokenVerifier

    init(algorithm: SigningAlgorithm = .es256, store: MemoryKeyStore = MemoryKeyStore()) async throws {
        self.store = store
        let now: @Sendable () -> Int64 = { [clock] in clock.now }
        var configuration = TokenConfiguration()
        configuration.issuer = "registry.test"
        configuration.service = "registry.test/service"
        configuration.algorithm = algorithm
        keys = SigningKeys(store: store, algorithm: algorithm, now: now)
        try await keys.refresh()
        issuer = TokenIssuer(keys: keys, configuration: configuration, now: now)
        verifier = TokenVerifier(keys: keys, configuration: configuration, now: now)
    }

    /// The key that signs, as whoever steals the database has it.
    var stolenKey: (id: String, secret: [UInt8]) { store.all.last.map { ($0.id, $0.secret) } ?? ("", []) }

    /// The policy of all of these tests: alice may do some things in team, everybody may pull from public.
    static func policy(tokens: [AccessToken] = []) throws -> AccessPolicy {
        let alice = try AccountName("alice")
        return AccessPolicy(
            accounts: [
                Account(name: alice, createdAt: 0),
                Account(name: try AccountName("root"), isAdministrator: true, createdAt: 0),
            ],
            tokens: tokens,
            grants: [
                Grant(.account(alice), try Scope("team/**:pull,push")),
                Grant(.account(alice), try Scope("old/*:pull,delete")),
            ],
            rules: [RepositoryRule(try RepositoryPattern("public/**"), visibility: .public)]
        )
    }

    static func alice() throws -> Identity { .account(try AccountName("alice")) }
}
