import Access
import Foundation
import Registry
import Storage
import Testing

@Suite("Logins by password")
struct LoginTests {
    private let alice: AccountName
    private let password = "correct horse"

    init() throws {
        alice = try AccountName("alice")
    }

    @Test("the right password proves an account, and any other proves nobody")
    func rightAndWrong() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
            for (name, text) in [
                ("alice", "correct hors"), ("alice", ""), ("bob", password), ("Alice", password), ("", password),
                ("alice", password + "\0"), ("alice", String(repeating: "x", count: 5000)),
            ] {
                // Each from an address of its own: these are no attack.
                let outcome = await test.logIn(name, text, from: "192.0.2.\(text.utf8.count % 250)\(name.count)")
                #expect(outcome == .failure(.wrongCredential), "\(name) \(text.prefix(20))")
            }
        }
    }

    @Test("what is stored is a bcrypt hash with the configured cost")
    func stored() async throws {
        var configuration = AccessConfiguration()
        configuration.passwordCost = 10
        try await TestAccess.with(configuration) { test in
            try await test.access.addPerson(alice, password: password)
            let hash = try #require(try await test.metadata.accessState().accounts.first?.passwordHash)
            #expect(hash.hasPrefix("$2y$10$") && hash.utf8.count == 60)
        }
    }

    @Test(
        "a password that can't be one is refused when it is set",
        arguments: [
            "", "short", String(repeating: "x", count: 73), String(repeating: "ü", count: 37), "with\0nothing",
            "with a\nnewline", "berth_pat_abcdefgh",
        ]
    )
    func refusedPasswords(text: String) async throws {
        try await TestAccess.with { test in
            await #expect(throws: AccessControlError.self) {
                try await test.access.addPerson(alice, password: text)
            }
            #expect(test.access.policy.accounts.isEmpty)
        }
    }

    @Test("a new password holds at once, and the old one no more, though it was just used")
    func change() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            _ = await test.logIn("alice", password)
            try await test.access.setPassword("battery staple", of: alice)
            #expect(await test.logIn("alice", password) == .failure(.wrongCredential))
            #expect(await test.logIn("alice", "battery staple") == .success(.account(alice)))
        }
    }

    @Test("an account that is disabled or gone can't log in from that moment, and can when it is back")
    func disabling() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
            try await test.access.setEnabled(false, alice)
            #expect(await test.logIn("alice", password) == .failure(.wrongCredential))
            try await test.access.setEnabled(true, alice)
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
            try await test.access.removeAccount(alice)
            #expect(await test.logIn("alice", password) == .failure(.wrongCredential))
        }
    }

    @Test("a right password is hashed once for many requests, at once or one after the other")
    func remembered() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            let before = test.access.passwordHashCount
            let outcomes = await withTaskGroup(of: LoginOutcome.self) { group in
                for _ in 0..<100 { group.addTask { await test.logIn("alice", password) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0 == .success(.account(alice)) })
            for _ in 0..<100 { _ = await test.logIn("alice", password) }
            #expect(test.access.passwordHashCount == before + 1)
        }
    }

    @Test("a wrong password costs a hash, whether there is such a user, a disabled one, a robot or none")
    func costOfWrongPasswords() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            try await test.access.addPerson(try AccountName("gone"), password: password)
            try await test.access.setEnabled(false, try AccountName("gone"))
            _ = try await test.access.addRobot(try AccountName("robot"))
            for name in ["alice", "gone", "robot", "nobody"] {
                let before = test.access.passwordHashCount
                #expect(await test.logIn(name, "battery staple") == .failure(.wrongCredential))
                #expect(test.access.passwordHashCount == before + 1, "\(name)")
            }
        }
    }

    @Test("a wrong password of nobody takes as long as one of somebody, whatever cost theirs has")
    func timeOfWrongPasswords() async throws {
        // The file's hashes cost less than what is configured: nobody's must be as theirs are.
        var configuration = AccessConfiguration()
        configuration.passwordCost = 14
        let hash = "$2y$04$EkhWJ4QDzqqyrZJEJtzN1eQ5gzUiru0N1Z3idAAum.OS7wtQde8Sa"
        try await TestAccess.with(configuration, htpasswd: "alice:\(hash)\n") { test in
            let clock = ContinuousClock()
            let time = await clock.measure { _ = await test.logIn("nobody", password) }
            // Of cost 14 it would be more than half a second.
            #expect(time < .milliseconds(300), "\(time)")
        }
    }

    @Test("as many passwords wait as may, and what is beyond is told so and counts as no failure")
    func busy() async throws {
        var configuration = AccessConfiguration()
        configuration.passwordCost = 10
        configuration.lockout.addressFailures = 10_000
        try await TestAccess.with(configuration) { test in
            try await test.access.addPerson(alice, password: password)
            let outcomes = await withTaskGroup(of: LoginOutcome.self) { group in
                for number in 0..<300 { group.addTask { await test.logIn("user\(number)", "a password") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let busy = outcomes.count { $0 == .failure(.busy) }
            let wrong = outcomes.count { $0 == .failure(.wrongCredential) }
            #expect(busy + wrong == 300)
            #expect(busy > 100 && wrong >= 64, "\(busy) busy, \(wrong) wrong")
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
        }
    }
}
