import Access
import Foundation
import ImageSpec
import Registry
import Storage
import Testing

@Suite("Access tokens")
struct AccessTokenTests {
    private let alice: AccountName
    private let robot: AccountName
    private let app: RepositoryName

    init() throws {
        alice = try AccountName("alice")
        robot = try AccountName("robot")
        app = try RepositoryName("team/app")
    }

    private func withAlice(_ body: (TestAccess) async throws -> Void) async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: "correct horse")
            try await test.access.grant(Grant(.account(alice), try Scope("team/**:pull,push")))
            try await body(test)
        }
    }

    @Test("a secret says what it is, and is kept by its hash alone")
    func form() async throws {
        try await withAlice { test in
            let new = try await test.access.makeToken(.personal, for: alice, name: "ci", scopes: nil, lifetime: nil)
            #expect(new.secret.text.wholeMatch(of: /berth_pat_[0-9A-Za-z]{49}/) != nil)
            #expect(new.token.hash == .of(Array(new.secret.text.utf8)))
            #expect("\(new.secret)" == "berth_pat_…" && !String(reflecting: new).contains(new.secret.text))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: test.folder.appending("registry.sqlite").string))
            let log = try Data(contentsOf: URL(fileURLWithPath: test.folder.appending("registry.sqlite-wal").string))
            for part in [bytes, log] { #expect(part.range(of: Data(new.secret.text.utf8)) == nil) }
        }
    }

    @Test("it proves its owner, in a password's place, without one being hashed")
    func login() async throws {
        try await withAlice { test in
            let new = try await test.access.makeToken(.personal, for: alice, name: "ci", scopes: nil, lifetime: nil)
            let hashes = test.access.passwordHashCount
            for name in ["alice", "", "token", "<token>"] {
                let identity = Identity.account(alice, scopes: nil, tokenID: new.token.id)
                #expect(await test.logIn(name, new.secret.text) == .success(identity))
            }
            #expect(await test.logIn("bob", new.secret.text) == .failure(.wrongCredential))
            #expect(await test.logIn("alice", TokenSecret(.personal).text) == .failure(.wrongCredential))
            #expect(await test.logIn("alice", new.secret.text.dropLast() + "!") == .failure(.wrongCredential))
            #expect(test.access.passwordHashCount == hashes)
        }
    }

    @Test("it allows no more than its scopes, and no more than its owner may by now")
    func scopes() async throws {
        try await withAlice { test in
            let scopes = [try Scope("team/app:pull,delete"), try Scope("other:pull")]
            let new = try await test.access.makeToken(.personal, for: alice, name: "a", scopes: scopes, lifetime: nil)
            let identity = try await test.logIn("alice", new.secret.text).get()
            #expect(test.access.policy.actions(of: identity, on: app) == [.pull])
            #expect(test.access.policy.actions(of: identity, on: try RepositoryName("other")) == [])
            #expect(test.access.policy.actions(of: .account(alice), on: app) == [.pull, .push])
            try await test.access.revokeGrant(to: .account(alice), on: try RepositoryPattern("team/**"))
            #expect(test.access.policy.actions(of: identity, on: app) == [])
        }
    }

    @Test("when it is revoked, neither it nor an identity that came by it may do anything")
    func revocation() async throws {
        try await withAlice { test in
            let new = try await test.access.makeToken(.personal, for: alice, name: "ci", scopes: nil, lifetime: nil)
            let identity = try await test.logIn("", new.secret.text).get()
            #expect(test.access.policy.actions(of: identity, on: app) == [.pull, .push])
            try await test.access.revokeToken(new.token.id)
            #expect(test.access.policy.actions(of: identity, on: app) == [])
            #expect(await test.logIn("", new.secret.text) == .failure(.wrongCredential))
            await #expect(throws: AccessControlError.tokenUnknown(new.token.id)) {
                try await test.access.revokeToken(new.token.id)
            }
        }
    }

    @Test("it ends with its time, with its owner's being disabled, and with its owner")
    func ends() async throws {
        try await withAlice { test in
            let short = try await test.access.makeToken(
                .personal,
                for: alice,
                name: "short",
                scopes: nil,
                lifetime: .seconds(1)
            )
            let long = try await test.access.makeToken(.personal, for: alice, name: "long", scopes: nil, lifetime: nil)
            #expect(await test.logIn("", short.secret.text) != .failure(.wrongCredential))
            try await Task.sleep(for: .milliseconds(2100))
            #expect(await test.logIn("", short.secret.text) == .failure(.wrongCredential))
            try await test.access.removeEndedTokens()
            #expect(test.access.tokens(of: alice) == [long.token])

            try await test.access.setEnabled(false, alice)
            #expect(await test.logIn("", long.secret.text) == .failure(.wrongCredential))
            try await test.access.setEnabled(true, alice)
            #expect(await test.logIn("", long.secret.text) != .failure(.wrongCredential))
            try await test.access.removeAccount(alice)
            try await test.access.addPerson(alice, password: "correct horse")
            #expect(await test.logIn("", long.secret.text) == .failure(.wrongCredential))
        }
    }

    @Test("a robot's old secret is good beside its new one for the overlap, and no longer")
    func rotation() async throws {
        try await TestAccess.with { test in
            let first = try await test.access.addRobot(robot)
            let second = try await test.access.rotateSecret(of: robot, overlap: .seconds(1))
            #expect(second.secret.text.hasPrefix("berth_bot_"))
            for new in [first, second] {
                let identity = Identity.account(robot, scopes: nil, tokenID: new.token.id)
                #expect(await test.logIn("robot", new.secret.text) == .success(identity))
            }
            try await Task.sleep(for: .milliseconds(2100))
            #expect(await test.logIn("robot", first.secret.text) == .failure(.wrongCredential))
            #expect(await test.logIn("robot", second.secret.text) != .failure(.wrongCredential))

            let third = try await test.access.rotateSecret(of: robot, overlap: .zero)
            #expect(await test.logIn("robot", second.secret.text) == .failure(.wrongCredential))
            #expect(await test.logIn("robot", third.secret.text) != .failure(.wrongCredential))
        }
    }

    @Test("a robot that rotates again and again holds a few secrets, and each lives as long as the first was to")
    func manyRotations() async throws {
        try await TestAccess.with { test in
            _ = try await test.access.addRobot(robot, lifetime: .seconds(1000))
            for _ in 0..<20 { _ = try await test.access.rotateSecret(of: robot) }
            let tokens = test.access.tokens(of: robot)
            #expect(tokens.count == 5)
            #expect(tokens.allSatisfy { ($0.expiresAt ?? 0) - $0.createdAt == 1000 })
        }
    }

    @Test("robots have no password and make no tokens, and people have no robot's secret")
    func kinds() async throws {
        try await withAlice { test in
            _ = try await test.access.addRobot(robot)
            await #expect(throws: AccessControlError.notPerson(robot)) {
                try await test.access.setPassword("correct horse", of: robot)
            }
            await #expect(throws: AccessControlError.notPerson(robot)) {
                try await test.access.makeToken(.personal, for: robot, name: "a", scopes: nil, lifetime: nil)
            }
            await #expect(throws: AccessControlError.notRobot(alice)) {
                try await test.access.rotateSecret(of: alice)
            }
        }
    }

    @Test("an account has so many tokens at most; of refresh tokens the oldest go")
    func bounds() async throws {
        try await withAlice { test in
            let first = try await test.access.makeToken(.refresh, for: alice, name: "r", scopes: nil, lifetime: nil)
            for _ in 0..<200 {
                _ = try await test.access.makeToken(.refresh, for: alice, name: "r", scopes: nil, lifetime: nil)
                _ = try await test.access.makeToken(.personal, for: alice, name: "p", scopes: nil, lifetime: nil)
            }
            #expect(await test.logIn("", first.secret.text) == .failure(.wrongCredential))
            #expect(test.access.tokens(of: alice).count == 400)
            await #expect(throws: AccessControlError.tooManyTokens(limit: 200)) {
                try await test.access.makeToken(.personal, for: alice, name: "p", scopes: nil, lifetime: nil)
            }
        }
    }

    @Test("a new password ends refresh tokens, and leaves access tokens")
    func password() async throws {
        try await withAlice { test in
            let refresh = try await test.access.makeToken(.refresh, for: alice, name: "r", scopes: nil, lifetime: nil)
            let personal = try await test.access.makeToken(.personal, for: alice, name: "p", scopes: nil, lifetime: nil)
            try await test.access.setPassword("battery staple", of: alice)
            #expect(await test.logIn("", refresh.secret.text) == .failure(.wrongCredential))
            #expect(await test.logIn("", personal.secret.text) != .failure(.wrongCredential))
        }
    }
}
