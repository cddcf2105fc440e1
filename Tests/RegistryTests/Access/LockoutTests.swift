import Access
import Foundation
import Registry
import Testing

@Suite("Lock-out")
struct LockoutTests {
    private let alice: AccountName
    private let password = "correct horse"

    init() throws {
        alice = try AccountName("alice")
    }

    private func isLocked(_ outcome: LoginOutcome) -> Bool {
        if case .failure(.lockedOut) = outcome { true } else { false }
    }

    @Test("five wrong passwords are borne, then there is a pause, the same whether there is such a user or not")
    func pause() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            for name in ["alice", "nobody"] {
                let address = "192.0.2.\(name.count)"
                for _ in 0..<5 {
                    #expect(await test.logIn(name, "wrong password", from: address) == .failure(.wrongCredential))
                }
                let hashes = test.access.passwordHashCount
                for text in ["wrong password", password] {
                    let outcome = await test.logIn(name, text, from: address)
                    guard case .failure(.lockedOut(let wait)) = outcome else {
                        Issue.record("\(name): \(outcome)")
                        continue
                    }
                    #expect(wait > .zero && wait <= .seconds(1))
                }
                #expect(test.access.passwordHashCount == hashes)
            }
            // Another address isn't kept from it.
            #expect(await test.logIn("alice", password, from: "198.51.100.1") == .success(.account(alice)))
            try await Task.sleep(for: .milliseconds(1100))
            #expect(await test.logIn("alice", password, from: "192.0.2.5") == .success(.account(alice)))
        }
    }

    @Test("the pause is twice as long after each wrong password more, up to the longest")
    func backOff() async throws {
        var configuration = TestAccess.configuration
        configuration.lockout.freeFailures = 1
        configuration.lockout.longestPause = .seconds(2)
        try await TestAccess.with(configuration) { test in
            var waits: [Duration] = []
            for _ in 0..<3 {
                #expect(await test.logIn("nobody", "wrong password") == .failure(.wrongCredential))
                guard case .failure(.lockedOut(let wait)) = await test.logIn("nobody", "wrong password") else {
                    continue
                }
                waits.append(wait)
                try await Task.sleep(for: wait + .milliseconds(50))
            }
            #expect(waits.map { Int(($0 / .milliseconds(1)).rounded(.up)) }.map { ($0 + 500) / 1000 } == [1, 2, 2])
        }
    }

    @Test("many at once are no way around the count")
    func concurrent() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            let before = test.access.passwordHashCount
            let outcomes = await withTaskGroup(of: LoginOutcome.self) { group in
                for number in 0..<200 { group.addTask { await test.logIn("alice", "wrong \(number)") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .failure(.wrongCredential) } == 5)
            #expect(outcomes.count(where: isLocked) == 195)
            #expect(test.access.passwordHashCount == before + 5)
        }
    }

    @Test("passwords can't be tried past the pause on somebody who has just logged in")
    func rememberedIsNoWayAround() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            #expect(await test.logIn("alice", password, from: "198.51.100.1") == .success(.account(alice)))
            for number in 0..<5 { _ = await test.logIn("alice", "wrong \(number)") }
            #expect(isLocked(await test.logIn("alice", password)))
            #expect(await test.logIn("alice", password, from: "198.51.100.1") == .success(.account(alice)))
        }
    }

    @Test("a right password makes the wrong ones before it forgotten")
    func reset() async throws {
        try await TestAccess.with { test in
            try await test.access.addPerson(alice, password: password)
            for _ in 0..<3 {
                for number in 0..<4 {
                    #expect(await test.logIn("alice", "wrong \(number)") == .failure(.wrongCredential))
                }
                #expect(await test.logIn("alice", password) == .success(.account(alice)))
            }
        }
    }

    @Test("an address that tries many names must wait, whatever names; who has logged in from there need not")
    func address() async throws {
        var configuration = TestAccess.configuration
        configuration.lockout.addressFailures = 10
        configuration.lockout.addressPause = .seconds(60)
        try await TestAccess.with(configuration) { test in
            try await test.access.addPerson(alice, password: password)
            try await test.access.addPerson(try AccountName("bob"), password: password)
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
            for number in 0..<10 {
                #expect(await test.logIn("user\(number)", "wrong password") == .failure(.wrongCredential))
            }
            #expect(isLocked(await test.logIn("user11", "wrong password")))
            #expect(isLocked(await test.logIn("bob", password)))
            #expect(await test.logIn("alice", password) == .success(.account(alice)))
            #expect(await test.logIn("bob", password, from: "198.51.100.1") != .failure(.wrongCredential))
        }
    }

    @Test("one IPv6 network is one address, and an IPv4 address is the same in its IPv6 form")
    func networks() async throws {
        var configuration = TestAccess.configuration
        configuration.lockout.addressFailures = 4
        configuration.lockout.addressPause = .seconds(60)
        try await TestAccess.with(configuration) { test in
            for number in 0..<4 { _ = await test.logIn("a\(number)", "wrong password", from: "2001:db8::\(number)") }
            #expect(isLocked(await test.logIn("b", "wrong password", from: "2001:db8::ffff:1")))
            #expect(await test.logIn("b", "wrong password", from: "2001:db8:0:1::1") == .failure(.wrongCredential))
            for number in 0..<4 { _ = await test.logIn("c\(number)", "wrong password", from: "192.0.2.77") }
            #expect(isLocked(await test.logIn("d", "wrong password", from: "::ffff:192.0.2.77")))
        }
    }

    @Test("an attack on one name from many addresses is slowed, and doesn't keep its owner out where they were before")
    func name() async throws {
        var configuration = TestAccess.configuration
        configuration.lockout.nameFailures = 20
        configuration.lockout.namePause = .seconds(60)
        try await TestAccess.with(configuration) { test in
            try await test.access.addPerson(alice, password: password)
            #expect(await test.logIn("alice", password, from: "198.51.100.1") == .success(.account(alice)))
            for number in 0..<20 {
                let outcome = await test.logIn("alice", "wrong password", from: "203.0.113.\(number)")
                #expect(outcome == .failure(.wrongCredential))
            }
            #expect(isLocked(await test.logIn("alice", "wrong password", from: "203.0.113.99")))
            #expect(await test.logIn("alice", password, from: "198.51.100.1") == .success(.account(alice)))
        }
    }

    @Test("what is kept in mind is bounded")
    func bounded() async throws {
        var configuration = TestAccess.configuration
        configuration.lockout.maximumCount = 10
        configuration.lockout.addressFailures = 10_000
        try await TestAccess.with(configuration) { test in
            for _ in 0..<5 { _ = await test.logIn("first", "wrong password", from: "192.0.2.9") }
            #expect(isLocked(await test.logIn("first", "wrong password", from: "192.0.2.9")))
            for number in 0..<100 { _ = await test.logIn("user\(number)", "wrong password") }
            #expect(await test.logIn("first", "wrong password", from: "192.0.2.9") == .failure(.wrongCredential))
        }
    }
}
