import Access
import Foundation
import Registry
import Testing

@Suite("Users of an htpasswd file")
struct PasswordFileTests {
    private let alice: AccountName
    private let bob: AccountName

    init() throws {
        alice = try AccountName("alice")
        bob = try AccountName("bob")
    }

    /// Of "correct horse".
    private static let bcrypt = "$2y$04$EkhWJ4QDzqqyrZJEJtzN1eQ5gzUiru0N1Z3idAAum.OS7wtQde8Sa"

    @Test("log in beside those of the database, which win by name")
    func users() async throws {
        let text = "# users\n\nalice:\(Self.bcrypt)\r\nbob:\(Self.bcrypt):a comment"
        try await TestAccess.with(htpasswd: text) { test in
            #expect(!test.access.policy.isOpen)
            #expect(await test.logIn("alice", "correct horse") == .success(.account(alice)))
            #expect(await test.logIn("bob", "correct horse") == .success(.account(bob)))
            #expect(await test.logIn("bob", "battery staple") == .failure(.wrongCredential))
            try await test.access.addPerson(alice, password: "battery staple")
            #expect(await test.logIn("alice", "battery staple") == .success(.account(alice)))
            #expect(await test.logIn("alice", "correct horse") == .failure(.wrongCredential))
        }
    }

    @Test(
        "log in by every kind of hash that the system verifies",
        arguments: [
            "$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi.HdxNDcL3fGE1XXuzvo6kbx7UOloZKONqEk5H3JrQA4NOfU8BmqFPrpGqwA1",
            "$y$j75$abcdefghijkl$pG0KXbHxpjIKguh3BCfALSHrI366WlMzNka7nozr8.8",
            "$1$saltsalt$NuzA7WTAelpl95xgBGWN60",
        ]
    )
    func methods(hash: String) async throws {
        try await TestAccess.with(htpasswd: "alice:\(hash)\n") { test in
            #expect(await test.logIn("alice", "correct horse") == .success(.account(alice)))
            #expect(await test.logIn("alice", "battery staple") == .failure(.wrongCredential))
        }
    }

    @Test(
        "aren't those whose hash is of a kind that nobody should use, or would take forever; the others are",
        arguments: [
            "{SHA}hash", "$apr1$saltsalt$hash", "correct horse", "rqXexS6ZhobKA", "", "!", "*",
            "$2y$31$EkhWJ4QDzqqyrZJEJtzN1eQ5gzUiru0N1Z3idAAum.OS7wtQde8Sa", "$2y$04$short", "$5$rounds=999999999$a$b",
        ]
    )
    func refusedHashes(hash: String) async throws {
        try await TestAccess.with(htpasswd: "alice:\(hash)\nbob:\(Self.bcrypt)\nNot A Name:\(Self.bcrypt)\nno colon") {
            #expect($0.access.policy.accounts.keys.sorted() == [bob])
            #expect(await $0.logIn("alice", "correct horse") == .failure(.wrongCredential))
        }
    }

    @Test("are read anew when the file changes, and stay when it can't be read")
    func changes() async throws {
        try await TestAccess.with(htpasswd: "alice:\(Self.bcrypt)\n") { test in
            #expect(await test.logIn("alice", "correct horse") == .success(.account(alice)))
            #expect(try await !test.access.reloadIfChanged())
            try test.write(htpasswd: "bob:\(Self.bcrypt)\n")
            #expect(try await test.access.reloadIfChanged())
            #expect(await test.logIn("alice", "correct horse") == .failure(.wrongCredential))
            #expect(await test.logIn("bob", "correct horse") == .success(.account(bob)))
            try FileManager.default.removeItem(atPath: test.folder.appending("htpasswd").string)
            #expect(try await !test.access.reloadIfChanged())
            #expect(await test.logIn("bob", "correct horse") == .success(.account(bob)))
        }
    }

    @Test("have grants and groups as others have, and tokens, and are changed in their file alone")
    func changesOfUsers() async throws {
        try await TestAccess.with(htpasswd: "alice:\(Self.bcrypt)\n") { test in
            let access = test.access
            try await access.grant(Grant(.account(alice), try Scope("a:pull")))
            try await access.addMember(alice, to: try GroupName("team"))
            #expect(access.policy.accounts[alice]?.groups == [try GroupName("team")])
            let new = try await access.makeToken(.personal, for: alice, name: "a", scopes: nil, lifetime: nil)
            #expect(await test.logIn("", new.secret.text) != .failure(.wrongCredential))
            let error = AccessControlError.accountInPasswordFile(alice)
            await #expect(throws: error) { try await access.setPassword("battery staple", of: alice) }
            await #expect(throws: error) { try await access.setEnabled(false, alice) }
            await #expect(throws: error) { try await access.removeAccount(alice) }
        }
    }

    @Test("that can't be read keep the server from starting")
    func unreadable() async throws {
        var configuration = TestAccess.configuration
        configuration.passwordFile = "/nowhere/htpasswd"
        await #expect(throws: PasswordFileError.self) { try await TestAccess.with(configuration) { _ in } }
    }
}
