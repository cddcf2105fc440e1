import Access
import Foundation
import ImageSpec
import Registry
import Storage
import Testing

@Suite("Changes of accounts, grants and rules")
struct AccessChangeTests {
    private let alice: AccountName
    private let bob: AccountName
    private let team: GroupName
    private let app: RepositoryName

    init() throws {
        alice = try AccountName("alice")
        bob = try AccountName("bob")
        team = try GroupName("team")
        app = try RepositoryName("team/app")
    }

    @Test("each holds when its method returns")
    func atOnce() async throws {
        try await TestAccess.with { test in
            let access = test.access
            func actions(_ identity: Identity) -> Actions { access.policy.actions(of: identity, on: app) }
            #expect(access.policy.isOpen)
            try await access.addPerson(alice, password: nil, isAdministrator: true)
            #expect(!access.policy.isOpen && actions(.anonymous) == [])
            #expect(access.policy.isAdministrator(.account(alice)))
            try await access.addPerson(bob, password: nil)
            #expect(actions(.account(bob)) == [])
            try await access.grant(Grant(.group(team), try Scope("team/*:pull")))
            try await access.addMember(bob, to: team)
            #expect(actions(.account(bob)) == .pull && access.groups == [team: [bob]])
            try await access.grant(Grant(.group(team), try Scope("team/*:push")))
            #expect(actions(.account(bob)) == .push)
            try await access.removeMember(bob, from: team)
            #expect(actions(.account(bob)) == [])
            try await access.setRule(RepositoryRule(try RepositoryPattern("team/**"), visibility: .public))
            #expect(actions(.anonymous) == .pull)
            try await access.setRule(RepositoryRule(try RepositoryPattern("team/**")))
            #expect(actions(.anonymous) == [])
            try await access.setAdministrator(true, bob)
            #expect(actions(.account(bob)) == .all)
            try await access.removeAccount(bob)
            #expect(actions(.account(bob)) == [])
        }
    }

    @Test("what many change at once is all there, and holds for each of them when they are told")
    func concurrent() async throws {
        try await TestAccess.with { test in
            let names = try (0..<60).map { try AccountName("user\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    group.addTask {
                        try await test.access.addPerson(name, password: nil)
                        #expect(test.access.policy.accounts[name] != nil)
                    }
                }
                try await group.waitForAll()
            }
            #expect(test.access.policy.accounts.count == 60)
        }
    }

    @Test("what another process changes holds when the revision is looked at")
    func otherProcess() async throws {
        try await TestAccess.with { test in
            let other = try SQLiteMetadataStore(joining: test.folder.appending("registry.sqlite"))
            #expect(try await !test.access.reloadIfChanged())
            _ = try await other.addAccount(Account(name: alice, createdAt: 1), asFirst: false)
            #expect(test.access.policy.isOpen)
            #expect(try await test.access.reloadIfChanged())
            #expect(test.access.policy.accounts[alice] != nil && !test.access.policy.isOpen)
            #expect(try await !test.access.reloadIfChanged())
            try other.close()
        }
    }

    @Test("the last administrator who may log in stays")
    func lastAdministrator() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: nil, isAdministrator: true)
            try await test.access.addPerson(bob, password: nil)
            let error = AccessControlError.lastAdministrator(alice)
            await #expect(throws: error) { try await test.access.removeAccount(alice) }
            await #expect(throws: error) { try await test.access.setEnabled(false, alice) }
            await #expect(throws: error) { try await test.access.setAdministrator(false, alice) }
            try await test.access.setAdministrator(true, bob)
            try await test.access.removeAccount(alice)
            #expect(test.access.policy.accounts.keys.sorted() == [bob])
        }
    }

    @Test("what isn't there can't be changed, nor granted to")
    func unknown() async throws {
        try await TestAccess.with { test in
            let access = test.access
            let pattern = try RepositoryPattern("a")
            await #expect(throws: AccessControlError.accountUnknown(bob)) { try await access.removeAccount(bob) }
            await #expect(throws: AccessControlError.accountUnknown(bob)) { try await access.setEnabled(true, bob) }
            await #expect(throws: AccessControlError.accountUnknown(bob)) {
                try await access.setPassword("correct horse", of: bob)
            }
            await #expect(throws: AccessControlError.accountUnknown(bob)) {
                try await access.grant(Grant(.account(bob), Scope(pattern, .pull)))
            }
            await #expect(throws: AccessControlError.accountUnknown(bob)) {
                try await access.addMember(bob, to: team)
            }
            await #expect(throws: AccessControlError.groupUnknown(team)) { try await access.removeGroup(team) }
            await #expect(throws: AccessControlError.ruleUnknown(pattern)) { try await access.removeRule(pattern) }
            await #expect(throws: AccessControlError.grantUnknown(.everyone, pattern)) {
                try await access.revokeGrant(to: .everyone, on: pattern)
            }
        }
    }

    @Test(
        "nobody can be granted nothing, nor everyone what is not for anybody",
        arguments: ["a:delete", "a:administer"]
    )
    func refusedGrants(text: String) async throws {
        try await TestAccess.with { test in
            await #expect(throws: AccessControlError.self) {
                try await test.access.grant(Grant(.everyone, try Scope(text)))
            }
            await #expect(throws: AccessControlError.self) {
                try await test.access.grant(Grant(.signedIn, Scope(try RepositoryPattern("a"), [])))
            }
            #expect(test.access.policy.grants.isEmpty)
        }
    }

    @Test("patterns of tags that no tag could match are refused", arguments: ["", "a b", "a/b", "ä", "a\nb"])
    func refusedTags(text: String) async throws {
        try await TestAccess.with { test in
            await #expect(throws: AccessControlError.self) {
                try await test.access.setRule(
                    RepositoryRule(try RepositoryPattern("a"), immutableTags: ["v*", text])
                )
            }
            #expect(test.access.policy.rules.isEmpty)
        }
    }
}
