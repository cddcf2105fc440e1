import Access
import ImageSpec
import Testing
import Tokens

@Suite("Tokens of another token service")
struct ExternalTokenTests {
    private func verified(_ access: JSONValue?, change: [String: JSONValue] = [:]) async throws -> Identity {
        let bench = try await Bench()
        let provider = Provider(issuer: "auth.test")
        provider.behave(.sends(Array(provider.publicPEM.utf8)))
        let authority = TokenAuthority(
            own: bench.verifier,
            services: [
                ExternalTokenService(
                    .init(issuer: "auth.test", service: "registry.test", realm: nil, keys: .file("/auth.pem"))
                )
            ],
            fetch: provider.fetch,
            now: { bench.clock.now }
        )
        var claims = change
        claims["access"] = access
        let token = try provider.token(claims, at: bench.clock.now)
        return try await authority.verify(token, policy: Bench.policy()).identity
    }

    private func entry(_ name: String, _ actions: String..., type: String = "repository") -> JSONValue {
        .object([
            "type": .string(type), "name": .string(name), "actions": .array(actions.map { .string($0) }),
        ])
    }

    @Test("allow what they say")
    func access() async throws {
        let identity = try await verified(
            .array([
                entry("team/app", "pull", "push"), entry("team/all", "*"), entry("catalog", "*", type: "registry"),
                entry("team/odd", "fly"),
            ])
        )
        #expect(
            identity
                == .federated(
                    name: "auth.test/repo:team/app",
                    scopes: [
                        try Scope("team/app:pull,push"), try Scope("team/all:pull,push,delete"),
                        Scope(try RepositoryPattern("team/odd"), []),
                    ]
                )
        )
    }

    @Test("administer nothing, whatever they say", arguments: ["administer", "*", "admin"])
    func administer(action: String) async throws {
        let identity = try await verified(.array([entry("team/app", action)]))
        let policy = try Bench.policy()
        #expect(!policy.actions(of: identity, on: try RepositoryName("team/app")).contains(.administer))
    }

    @Test("allow no pattern", arguments: ["*", "**", "team/*", "Team", "../x", ""])
    func patterns(name: String) async throws {
        let identity = try await verified(.array([entry(name, "pull")]))
        guard case .federated(let caller) = identity else {
            Issue.record("\(identity)")
            return
        }
        #expect(caller.scopes.isEmpty)
    }

    @Test("that say nothing of access, or are for another, are not believed")
    func others() async throws {
        await #expect(throws: TokenError.missingClaim("access")) { try await verified(nil) }
        await #expect(throws: TokenError.wrongAudience) {
            try await verified(.array([]), change: ["aud": .string("other.test")])
        }
    }
}
