import Access
import Foundation
import ImageSpec
import JWTKit
import Testing
import Tokens

@Suite("Tokens that are issued")
struct TokenIssuerTests {
    /// What a token's `access` says, as `NAME:ACTIONS`.
    private func access(of token: IssuedToken) throws -> [String] {
        guard case .array(let entries)? = try Forge.part(1, of: token.text)["access"] else { return [] }
        return entries.map { entry in
            guard case .array(let actions)? = entry["actions"] else { return "?" }
            return "\(entry["name"]?.string ?? "?"):\(actions.compactMap(\.string).joined(separator: ","))"
        }
    }

    @Test(
        "allow what the policy allows of what was asked for",
        arguments: [
            (["repository:team/app:pull,push"], ["team/app:pull,push"]),
            (["repository:team/app:pull", "repository:team/app:push"], ["team/app:pull,push"]),
            (
                ["repository:team/app:pull repository:old/app:pull,push,delete"],
                ["team/app:pull", "old/app:pull,delete"]
            ),
            (["repository:team/app:*"], ["team/app:pull,push"]),
            (["repository:team/app:delete"], []),
            (["repository:secret/app:pull"], []),
            (["repository:public/app:pull,push"], ["public/app:pull"]),
            (["repository(plugin):team/app:pull"], ["team/app:pull"]),
            (["registry:catalog:*"], ["catalog:*"]),
            (
                [
                    "repository:Not/A/Name:pull", "elephant:team/app:pull", "repository", ":", "",
                    "repository:team/app:",
                ], []
            ),
        ]
    )
    func granted(scopes: [String], expected: [String]) async throws {
        let bench = try await Bench()
        let token = try bench.issuer.issue(
            for: Bench.alice(),
            scopes: RequestedScope.list(scopes),
            policy: Bench.policy()
        )
        #expect(try access(of: token) == expected)
    }

    @Test("have the claims that docker's clients and other registries look for")
    func claims() async throws {
        let bench = try await Bench()
        let token = try bench.issuer.issue(for: Bench.alice(), scopes: [], policy: Bench.policy())
        let claims = try Forge.part(1, of: token.text)
        #expect(claims["iss"] == .string("registry.test"))
        #expect(claims["sub"] == .string("alice"))
        #expect(claims["aud"] == .string("registry.test/service"))
        #expect(claims["iat"] == .integer(bench.clock.now))
        #expect(claims["nbf"] == .integer(bench.clock.now))
        #expect(claims["exp"] == .integer(bench.clock.now + 300))
        #expect(claims["access"] == .array([]))
        let other = try bench.issuer.issue(for: Bench.alice(), scopes: [], policy: Bench.policy())
        let otherClaims = try Forge.part(1, of: other.text)
        #expect(claims["jti"]?.string?.isEmpty == false)
        #expect(claims["jti"] != otherClaims["jti"])
    }

    @Test("are verified by another implementation with the published keys", arguments: SigningAlgorithm.allCases)
    func foreignVerification(algorithm: SigningAlgorithm) async throws {
        struct Claims: JWTPayload {
            let sub: SubjectClaim
            func verify(using algorithm: some JWTAlgorithm) async throws {}
        }
        let bench = try await Bench(algorithm: algorithm)
        let token = try bench.issuer.issue(for: Bench.alice(), scopes: [], policy: Bench.policy())
        let published = String(decoding: bench.keys.published, as: UTF8.self)
        let claims = try await JWTKeyCollection().add(jwksJSON: published).verify(token.text, as: Claims.self)
        #expect(claims.sub.value == "alice")
        #expect(try Forge.part(0, of: token.text)["alg"] == .string(algorithm.rawValue))
        #expect(!published.contains("\"d\""))
    }

    @Test("come back as the caller whom they were made for, who may do no more than was granted")
    func roundTrip() async throws {
        let bench = try await Bench()
        let policy = try Bench.policy()
        let app = try RepositoryName("team/app")
        let token = try bench.issuer.issue(
            for: Bench.alice(),
            scopes: RequestedScope.list(["repository:team/app:pull"]),
            policy: policy
        )
        let verified = try await bench.verifier.verify(token.text)
        #expect(verified.identity.name == "alice")
        #expect(policy.actions(of: verified.identity, on: app) == .pull)
        #expect(policy.actions(of: verified.identity, on: try RepositoryName("team/other")) == [])
        #expect(verified.catalogIdentity == nil)
        #expect(verified.expiresAt == bench.clock.now + 300)
    }

    @Test("of an administrator administer nothing but what they are for")
    func administrator() async throws {
        let bench = try await Bench()
        let policy = try Bench.policy()
        let token = try bench.issuer.issue(
            for: .account(AccountName("root")),
            scopes: RequestedScope.list(["repository:team/app:*"]),
            policy: policy
        )
        let identity = try await bench.verifier.verify(token.text).identity
        #expect(!policy.isAdministrator(identity))
        #expect(policy.actions(of: identity, on: try RepositoryName("team/app")) == .all)
        #expect(policy.actions(of: identity, on: try RepositoryName("team/other")) == [])
    }

    @Test("are given to nobody in particular too, and to those from elsewhere")
    func otherIdentities() async throws {
        let bench = try await Bench()
        let policy = try Bench.policy()
        let scopes = RequestedScope.list(["repository:public/app:pull,push", "repository:ci/app:pull,push"])
        let anonymous = try bench.issuer.issue(for: .anonymous, scopes: scopes, policy: policy)
        #expect(try access(of: anonymous) == ["public/app:pull"])
        #expect(try await bench.verifier.verify(anonymous.text).identity == .anonymous)

        let job = Identity.federated(name: "ci/job", scopes: [try Scope("ci/**:push")])
        let federated = try bench.issuer.issue(for: job, scopes: scopes, policy: policy)
        #expect(try access(of: federated) == ["public/app:pull", "ci/app:push"])
        let identity = try await bench.verifier.verify(federated.text).identity
        #expect(identity.name == "ci/job")
        #expect(policy.actions(of: identity, on: try RepositoryName("ci/app")) == .push)
        #expect(policy.actions(of: identity, on: try RepositoryName("ci/other")) == [])
    }

    @Test("of those from elsewhere allow what their groups may when they are used, and no more than was asked for")
    func groups() async throws {
        let bench = try await Bench()
        let dev = try GroupName("dev")
        let grant = Grant(.group(dev), try Scope("team/**:pull,push"))
        let before = AccessPolicy(grants: [grant])
        let job = Identity.federated(FederatedCaller(name: "ci/job", scopes: [], groups: [dev]))
        let scopes = RequestedScope.list(["repository:team/app:pull,push"])
        let token = try bench.issuer.issue(for: job, scopes: scopes, policy: before)
        let identity = try await bench.verifier.verify(token.text).identity
        let app = try RepositoryName("team/app")
        #expect(before.actions(of: identity, on: app) == [.pull, .push])
        #expect(before.actions(of: identity, on: try RepositoryName("team/other")) == [])
        let after = AccessPolicy(grants: [Grant(.group(dev), try Scope("team/**:pull"))])
        #expect(after.actions(of: identity, on: app) == .pull)
        #expect(AccessPolicy().actions(of: identity, on: app) == [])
        // What everybody may who is known is no more than was asked for either.
        let known = AccessPolicy(grants: [Grant(.signedIn, try Scope("**:pull"))])
        #expect(known.actions(of: identity, on: app) == .pull)
        #expect(known.actions(of: identity, on: try RepositoryName("team/other")) == [])
        // Where its owner may more than it was made for, its client gets another one.
        #expect(before.widest(identity) == job)
    }

    @Test("end when what proved their holder ends")
    func end() async throws {
        let bench = try await Bench()
        let scopes = RequestedScope.list(["repository:team/app:pull"])
        let job = Identity.federated(name: "ci/job", scopes: [])
        let policy = try Bench.policy()
        let short = try bench.issuer.issue(for: job, scopes: scopes, policy: policy, end: bench.clock.now + 7)
        #expect(short.lifetime == 7)
        let usual = try bench.issuer.issue(for: job, scopes: scopes, policy: policy, end: bench.clock.now + 1_000_000)
        #expect(try bench.issuer.issue(for: job, scopes: scopes, policy: policy).lifetime == usual.lifetime)
        #expect(usual.lifetime > 7)
        #expect(try bench.issuer.issue(for: job, scopes: scopes, policy: policy, end: 1).lifetime == 0)
    }

    @Test("for the list of repositories show what their holder may read, and let none of it be read")
    func catalog() async throws {
        let bench = try await Bench()
        let policy = try Bench.policy()
        let narrow = Identity.account(try AccountName("alice"), scopes: [try Scope("team/app:pull")], tokenID: nil)
        let token = try bench.issuer.issue(
            for: narrow,
            scopes: RequestedScope.list(["registry:catalog:*"]),
            policy: policy
        )
        let verified = try await bench.verifier.verify(token.text)
        let app = try RepositoryName("team/app")
        #expect(policy.actions(of: verified.identity, on: app) == [])
        #expect(verified.catalogIdentity == narrow)
        let wide = try bench.issuer.issue(
            for: Bench.alice(),
            scopes: RequestedScope.list(["registry:catalog:*"]),
            policy: policy
        )
        let verifiedWide = try await bench.verifier.verify(wide.text)
        #expect(try verifiedWide.catalogIdentity == Bench.alice())
    }

    @Test("made from an access token end with it, and mean nothing once it is revoked")
    func accessToken() async throws {
        let bench = try await Bench()
        let alice = try AccountName("alice")
        let accessToken = AccessToken(
            id: "t1",
            kind: .personal,
            owner: alice,
            name: "ci",
            hash: .of([1]),
            scopes: [try Scope("team/app:pull,push")],
            createdAt: 0,
            expiresAt: bench.clock.now + 100
        )
        let policy = try Bench.policy(tokens: [accessToken])
        let token = try bench.issuer.issue(
            for: .account(alice, scopes: accessToken.scopes, tokenID: "t1"),
            scopes: RequestedScope.list(["repository:team/app:pull,push", "repository:team/other:pull"]),
            policy: policy
        )
        #expect(token.lifetime == 100)
        #expect(try access(of: token) == ["team/app:pull,push"])
        let identity = try await bench.verifier.verify(token.text).identity
        let app = try RepositoryName("team/app")
        #expect(policy.actions(of: identity, on: app) == [.pull, .push])
        // The same token again, which is remembered: the policy has the last word.
        let again = try await bench.verifier.verify(token.text).identity
        let revoked = try Bench.policy()
        #expect(revoked.actions(of: again, on: app) == [])
    }

    @Test("allow less at once when a grant is taken away")
    func grantTakenAway() async throws {
        let bench = try await Bench()
        var policy = try Bench.policy()
        let token = try bench.issuer.issue(
            for: Bench.alice(),
            scopes: RequestedScope.list(["repository:team/app:pull,push"]),
            policy: policy
        )
        let identity = try await bench.verifier.verify(token.text).identity
        policy.grants = [.account(try AccountName("alice")): [try Scope("team/app:pull")]]
        #expect(policy.actions(of: identity, on: try RepositoryName("team/app")) == .pull)
    }

    @Test("are never longer than what is accepted")
    func tooMany() async throws {
        let bench = try await Bench()
        let long = String(repeating: "a", count: 200)
        let scopes = RequestedScope.list((0..<60).map { "repository:team/\(long)\($0):pull" })
        let policy = try Bench.policy()
        let alice = try Bench.alice()
        #expect(throws: TokenError.tooManyScopes(limit: TokenIssuer.maximumScopes)) {
            try bench.issuer.issue(for: alice, scopes: scopes, policy: policy)
        }
        let many = RequestedScope.list((0..<65).map { "repository:team/\($0):pull" })
        #expect(throws: TokenError.tooManyScopes(limit: TokenIssuer.maximumScopes)) {
            try bench.issuer.issue(for: alice, scopes: many, policy: policy)
        }
        let most = try bench.issuer.issue(for: alice, scopes: Array(many.prefix(64)), policy: policy)
        #expect(try await bench.verifier.verify(most.text).identity.name == "alice")
    }
}
