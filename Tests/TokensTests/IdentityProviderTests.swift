import Access
import ImageSpec
import Testing
import Tokens

@Suite("Identity providers")
struct IdentityProviderTests {
    private let bench: Bench
    private let provider = Provider()

    init() async throws {
        bench = try await Bench()
    }

    private func authority(
        _ rules: [IdentityRule],
        keys: KeyLocation = .discovery
    ) -> TokenAuthority {
        let configuration = IdentityProvider.Configuration(
            issuer: provider.issuer,
            audiences: ["registry.test", "second.test"],
            keys: keys,
            rules: rules
        )
        return TokenAuthority(
            own: bench.verifier,
            providers: [IdentityProvider(configuration)],
            fetch: provider.fetch,
            now: { [clock = bench.clock] in clock.now }
        )
    }

    private func rule(
        _ condition: String = "true",
        _ grants: String...,
        name: String? = nil,
        account: String? = nil,
        groups: [String] = []
    ) throws -> IdentityRule {
        IdentityRule(
            condition: try ClaimExpression(condition),
            grants: try grants.map { try GrantTemplate($0) },
            name: try name.map { try ClaimTemplate($0) },
            account: try account.map { try ClaimTemplate($0) },
            groups: try groups.map { try GroupName($0) }
        )
    }

    private func identity(
        _ claims: [String: JSONValue],
        by authority: TokenAuthority,
        policy: AccessPolicy? = nil
    ) async throws -> Identity {
        let token = try provider.token(claims, at: bench.clock.now)
        return try await authority.verify(token, policy: policy ?? Bench.policy()).identity
    }

    private func refusal(
        _ token: String,
        by authority: TokenAuthority,
        policy: AccessPolicy? = nil
    ) async throws -> TokenError? {
        let policy = try policy ?? Bench.policy()
        do throws(TokenError) {
            _ = try await authority.verify(token, policy: policy)
            return nil
        } catch {
            return error
        }
    }

    @Test("let a job push what a rule says of its claims, and nothing else")
    func ciJob() async throws {
        let authority = authority([
            try rule(#"repository == "team/app" && ref == "refs/heads/main""#, "team/app:pull,push")
        ])
        let claims: [String: JSONValue] = ["repository": .string("team/app"), "ref": .string("refs/heads/main")]
        let identity = try await identity(claims, by: authority)
        #expect(identity == .federated(name: "ci.test/repo:team/app", scopes: [try Scope("team/app:pull,push")]))
        let branch = try provider.token(claims.merging(["ref": .string("refs/heads/x")]) { $1 }, at: bench.clock.now)
        #expect(try await refusal(branch, by: authority) == .noRuleHolds(issuer: "https://ci.test"))
    }

    @Test("allow together what all rules that hold allow")
    func union() async throws {
        let authority = authority([
            try rule("true", "base/**:pull"), try rule("false", "no/**:pull"),
            try rule("true", "${repository}:push", name: "job of ${repository}"),
        ])
        let identity = try await identity(["repository": .string("team/app")], by: authority)
        #expect(
            identity
                == .federated(name: "job of team/app", scopes: [try Scope("base/**:pull"), try Scope("team/app:push")])
        )
    }

    @Test(
        "put no claim into a pattern that would make it more than a name",
        arguments: [
            "*", "**", "team/*", "team/**", "..", "../x", "a/../b", "/a", "a/", "a//b", "", "Team/App", "a b", "a:pull",
            "a,b", "${x}", "a\nb", "é", String(repeating: "a", count: 300),
        ]
    )
    func injection(value: String) async throws {
        let authority = authority([try rule("true", "${repository}/**:pull,push")])
        let token = try provider.token(["repository": .string(value)], at: bench.clock.now)
        #expect(try await refusal(token, by: authority) == .noRuleHolds(issuer: "https://ci.test"))
    }

    @Test("put a claim in lower case where that is asked for, and numbers as they are")
    func lowerCase() async throws {
        let authority = authority([try rule("true", "gh/${repository|lower}/${run}:push")])
        let identity = try await identity(["repository": .string("Team/App"), "run": .integer(12)], by: authority)
        guard case .federated(let caller) = identity else {
            Issue.record("\(identity)")
            return
        }
        #expect(caller.scopes == [try Scope("gh/team/app/12:push")])
    }

    @Test("stand for an account here where a rule says so, if it is there and enabled")
    func account() async throws {
        let authority = authority([try rule("true", account: "${user}"), try rule(#"user == "bob""#, "x/*:pull")])
        #expect(try await identity(["user": .string("alice")], by: authority) == Bench.alice())
        let unknown = try provider.token(["user": .string("nobody")], at: bench.clock.now)
        #expect(try await refusal(unknown, by: authority) == .noRuleHolds(issuer: "https://ci.test"))
        let bob = try await identity(["user": .string("bob")], by: authority)
        #expect(bob.name == "ci.test/repo:team/app")
        var policy = try Bench.policy()
        policy.accounts[try AccountName("alice")]?.isEnabled = false
        let disabled = try provider.token(["user": .string("alice")], at: bench.clock.now)
        #expect(
            try await refusal(disabled, by: authority, policy: policy) == .noRuleHolds(issuer: "https://ci.test")
        )
    }

    @Test("narrow what an account may do to what the rule grants")
    func narrowedAccount() async throws {
        let authority = authority([try rule("true", "team/app:pull", account: "root")])
        let identity = try await identity([:], by: authority)
        let policy = try Bench.policy()
        #expect(policy.actions(of: identity, on: try RepositoryName("team/app")) == .pull)
        #expect(policy.actions(of: identity, on: try RepositoryName("team/other")) == [])
        #expect(!policy.isAdministrator(identity))
    }

    @Test("give the grants of groups, as they are when they are used")
    func groups() async throws {
        let authority = authority([try rule("true", groups: ["builders"])])
        let token = try provider.token([:], at: bench.clock.now)
        let app = try RepositoryName("team/app")
        var policy = try Bench.policy()
        let before = try await authority.verify(token, policy: policy).identity
        #expect(policy.actions(of: before, on: app) == [])
        policy.grants[.group(try GroupName("builders"))] = [try Scope("team/*:push")]
        let after = try await authority.verify(token, policy: policy).identity
        #expect(policy.actions(of: after, on: app) == .push)
    }

    @Test(
        "name nobody so that logs could take them for an account, or for a line of their own",
        arguments: [
            ("alice", "oidc:alice"), ("a\nb", "a?b"), ("\u{202E}evil", "?evil"), ("", "oidc:"),
            (String(repeating: "x/", count: 1000), String(repeating: "x/", count: 128)),
        ]
    )
    func names(subject: String, expected: String) async throws {
        let authority = authority([try rule("true", "x:pull", name: "${sub}")])
        let identity = try await identity(["sub": .string(subject)], by: authority)
        #expect(identity.name == expected)
    }

    @Test("whose tokens are for others, too old, too new or forged are not believed")
    func attacks() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let now = bench.clock.now
        func token(_ claims: [String: JSONValue], header: [String: JSONValue] = [:]) throws -> String {
            try provider.token(claims, at: now, header: header)
        }
        #expect(try await refusal(token(["aud": .string("other.test")]), by: authority) == .wrongAudience)
        #expect(try await refusal(token(["aud": .array([])]), by: authority) == .wrongAudience)
        #expect(try await refusal(token(["aud": .array([.string("second.test")])]), by: authority) == nil)
        #expect(try await refusal(token(["exp": .integer(now - 30)]), by: authority) == .expired)
        #expect(try await refusal(token(["exp": .integer(now - 29)]), by: authority) == nil)
        #expect(try await refusal(token(["nbf": .integer(now + 31)]), by: authority) == .notYetValid)
        #expect(
            try await refusal(token(["iss": .string("https://evil.test")]), by: authority)
                == .unknownIssuer("https://evil.test")
        )
        #expect(
            try await refusal(token(["iss": .string("https://ci.test/")]), by: authority)
                == .unknownIssuer("https://ci.test/")
        )
        #expect(
            try await refusal(token([:], header: ["alg": .string("none")]), by: authority) == .wrongAlgorithm("none")
        )
        #expect(
            try await refusal(token([:], header: ["alg": .string("HS256")]), by: authority) == .wrongAlgorithm("HS256")
        )
        // It is believed about its own tokens alone: not about ours.
        let ours = try token([
            "iss": .string("registry.test"), "aud": .string("registry.test/service"), "access": .array([]),
            "berth": .object(["kind": .string("account")]), "sub": .string("root"),
        ])
        #expect(try await refusal(ours, by: authority) == .unknownKey("k1"))
    }

    @Test("are asked for new keys when a token names one that isn't known, and old ones end with them")
    func rotation() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let old = try provider.token(["jti": .string("1")], at: bench.clock.now)
        let unseen = try provider.token(["jti": .string("2")], at: bench.clock.now)
        #expect(try await refusal(old, by: authority) == nil)
        #expect(provider.fetches.count == 2)
        provider.rotate(to: "k2")
        bench.clock.advance(20)
        let new = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(new, by: authority) == nil)
        #expect(provider.fetches.count == 4)
        bench.clock.advance(20)
        #expect(try await refusal(unseen, by: authority) == .unknownKey("k1"))
    }

    @Test("are not asked for every name of a key that anybody makes up")
    func unknownKeys() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let good = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(good, by: authority) == nil)
        let before = provider.fetches.count
        for number in 0..<200 {
            let forged = try provider.token([:], at: bench.clock.now, keyID: "made-up-\(number)")
            #expect(try await refusal(forged, by: authority) == .unknownKey("made-up-\(number)"))
        }
        #expect(provider.fetches.count <= before + 2)
    }

    @Test("are asked once, however many tokens come at once")
    func singleFlight() async throws {
        let authority = authority([try rule("true", "x:pull")])
        provider.behave(.hangs)
        let now = bench.clock.now
        let tokens = try (0..<50).map { try provider.token(["jti": .integer(Int64($0))], at: now) }
        let policy = try Bench.policy()
        try await withThrowingTaskGroup(of: Identity.self) { group in
            for token in tokens {
                group.addTask { try await authority.verify(token, policy: policy).identity }
            }
            while provider.fetches.isEmpty { await Task.yield() }
            try await Task.sleep(for: .milliseconds(100))
            provider.behave(.answers)
            var count = 0
            for try await _ in group { count += 1 }
            #expect(count == 50)
        }
        #expect(provider.fetches.count == 2)
    }

    @Test("that can't be reached keep nobody waiting whose key is known, for a day")
    func unreachable() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let first = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(first, by: authority) == nil)
        provider.behave(.fails)
        bench.clock.advance(23 * 3600)
        let later = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(later, by: authority) == nil)
        bench.clock.advance(2 * 3600)
        let last = try provider.token([:], at: bench.clock.now)
        guard case .keysUnavailable("https://ci.test", _)? = try await refusal(last, by: authority) else {
            Issue.record("a token was believed by keys of the day before")
            return
        }
        provider.behave(.answers)
        bench.clock.advance(10)
        let back = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(back, by: authority) == nil)
    }

    @Test("that hang while their keys are refreshed keep nobody waiting")
    func hangingRefresh() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let first = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(first, by: authority) == nil)
        provider.behave(.hangs)
        bench.clock.advance(3601)
        let next = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(next, by: authority) == nil)
        while provider.fetches.count < 3 { await Task.yield() }
        provider.behave(.answers)
    }

    @Test(
        "that send something else than keys are not believed",
        arguments: [
            "", "null", "[]", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#,
            #"{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}"#,
            #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"k1","alg":"RS256"}]}"#,
            #"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k1"}]}"#, "<html>", #"{"keys":[null,1,"x"]}"#,
            #"{"issuer":"https://evil.test","jwks_uri":"https://keys.ci.test/jwks"}"#,
            #"{"issuer":"https://ci.test","jwks_uri":"http://keys.ci.test/jwks"}"#,
            #"{"issuer":"https://ci.test","jwks_uri":"file:///etc/passwd"}"#,
            #"{"issuer":"https://ci.test"}"#,
        ]
    )
    func otherContent(text: String) async throws {
        provider.behave(.sends(Array(text.utf8)))
        for keys in [KeyLocation.discovery, .url("https://keys.ci.test/jwks"), .file("/keys")] {
            let authority = authority([try rule("true", "x:pull")], keys: keys)
            let token = try provider.token([:], at: bench.clock.now)
            guard case .keysUnavailable? = try await refusal(token, by: authority) else {
                Issue.record("a token was judged by '\(text)'")
                return
            }
        }
    }

    @Test("that send without end are not believed")
    func huge() async throws {
        provider.behave(.sends([UInt8](repeating: 32, count: KeyDocument.maximumLength + 1)))
        let authority = authority([try rule("true", "x:pull")], keys: .url("https://keys.ci.test/jwks"))
        let token = try provider.token([:], at: bench.clock.now)
        guard case .keysUnavailable? = try await refusal(token, by: authority) else {
            Issue.record("too long a document was read")
            return
        }
    }

    @Test("may have their keys in a file, a key set or PEM")
    func file() async throws {
        let rules = [try rule("true", "x:pull")]
        let token = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(token, by: authority(rules, keys: .file("/keys.json"))) == nil)
        provider.behave(.sends(Array(provider.publicPEM.utf8)))
        #expect(try await refusal(token, by: authority(rules, keys: .file("/keys.pem"))) == nil)
        let none = try provider.token([:], at: bench.clock.now, keyID: "whatever")
        #expect(try await refusal(none, by: authority(rules, keys: .file("/keys.pem"))) == nil)
        provider.rotate(to: "k9")
        let other = try provider.token([:], at: bench.clock.now)
        #expect(try await refusal(other, by: authority(rules, keys: .file("/keys.pem"))) == .wrongSignature)
    }

    @Test(
        "are looked for only over HTTPS, or on this machine",
        arguments: [
            ("https://a.test", true), ("https://", false), ("http://a.test", false), ("http://127.0.0.1:80/x", true),
            ("http://localhost/x", true), ("http://localhost.evil.test", false), ("http://127.0.0.1@evil.test", false),
            ("http://[::1]:8080/", true), ("http://[::1].evil.test/", false), ("file:///x", false), ("", false),
            ("http://127.0.0.1.evil.test", false), ("HTTP://a.test", false),
        ]
    )
    func addresses(text: String, isTrustworthy: Bool) {
        #expect(KeyLocation.isTrustworthy(text) == isTrustworthy)
    }

    @Test("give tokens that are exchanged for ours; ours are not")
    func exchange() async throws {
        let authority = authority([try rule("true", "x:pull")])
        let policy = try Bench.policy()
        let token = try provider.token([:], at: bench.clock.now)
        #expect(try await authority.verifyForeign(token, policy: policy).identity.name == "ci.test/repo:team/app")
        let ours = try bench.issuer.issue(for: Bench.alice(), scopes: [], policy: policy)
        let identity = try await authority.verify(ours.text, policy: policy).identity
        #expect(identity == .account(try AccountName("alice"), scopes: [], tokenID: nil))
        await #expect(throws: TokenError.unknownIssuer("registry.test")) {
            try await authority.verifyForeign(ours.text, policy: policy)
        }
    }

    @Test(
        "refuse templates that are none",
        arguments: [
            "x", "x:elephant", "${repository:pull", "${}:pull", "${a b}:pull", "${a|upper}:pull", "${a == 1}:pull",
            "Team/${a}:pull", "/${a}:pull", "**/${a}:pull", "${true}:pull",
        ]
    )
    func templates(text: String) {
        #expect(throws: (any Error).self) { try GrantTemplate(text) }
    }
}
