import Access
import Foundation
import ImageSpec
import Testing
import Tokens

@Suite("Keys that sign tokens")
struct SigningKeyTests {
    private static let day: Int64 = 86_400

    private func keyID(of token: IssuedToken) throws -> String? { try Forge.part(0, of: token.text)["kid"]?.string }

    private func publishedIDs(_ keys: SigningKeys) throws -> [String] {
        guard case .array(let entries)? = try JSONValue(parsing: keys.published)["keys"] else { return [] }
        return entries.compactMap { $0["kid"]?.string }
    }

    private func token(of bench: Bench) throws -> IssuedToken {
        try bench.issuer.issue(for: Bench.alice(), scopes: [], policy: Bench.policy())
    }

    @Test("are made once, and found again by the next server")
    func persistence() async throws {
        let store = MemoryKeyStore()
        let first = try await Bench(store: store)
        let second = try await Bench(store: store)
        #expect(store.all.count == 1)
        let token = try token(of: first)
        #expect(try await second.verifier.verify(token.text).identity.name == "alice")
    }

    @Test(
        "take turns every 30 days: the new one is published before it signs, the old one verifies until its tokens end"
    )
    func rotation() async throws {
        let bench = try await Bench()
        let first = try keyID(of: token(of: bench))
        bench.clock.advance(30 * Self.day - 1)
        try await bench.keys.refresh()
        #expect(try publishedIDs(bench.keys).count == 1)
        bench.clock.advance(1)
        try await bench.keys.refresh()
        let ids = try publishedIDs(bench.keys)
        #expect(ids.count == 2)
        #expect(try keyID(of: token(of: bench)) == first)
        bench.clock.advance(600)
        let last = try token(of: bench)
        #expect(try keyID(of: last) == ids.last)
        #expect(ids.last != first)
        // Nobody has a token of the first one's any more.
        bench.clock.advance(3600 + 600)
        try await bench.keys.refresh()
        #expect(try publishedIDs(bench.keys) == [try #require(ids.last)])
        #expect(bench.store.all.map(\.id) == [try #require(ids.last)])
    }

    @Test("are never gone while their tokens hold")
    func overlap() async throws {
        let bench = try await Bench()
        for _ in 0..<200 {
            bench.clock.advance(Int64.random(in: 1..<Self.day))
            let token = try token(of: bench)
            try await bench.keys.refresh()
            bench.clock.advance(299)
            try await bench.keys.refresh()
            #expect(try await bench.verifier.verify(token.text).identity.name == "alice")
        }
        #expect(bench.store.all.count <= 2)
    }

    @Test("that two servers make at once are both good, and all servers sign with the same one")
    func replicas() async throws {
        let store = MemoryKeyStore()
        let clock = Clock()
        let now: @Sendable () -> Int64 = { clock.now }
        let servers = (0..<4).map { _ in SigningKeys(store: store, now: now) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { try await server.refresh() } }
            try await group.waitForAll()
        }
        for server in servers { try await server.refresh() }
        clock.advance(600)
        let configuration = TokenConfiguration()
        let tokens = try servers.map { keys in
            try TokenIssuer(keys: keys, configuration: configuration, now: now)
                .issue(for: .anonymous, scopes: [], policy: Bench.policy())
        }
        #expect(Set(try tokens.map { try keyID(of: $0) }).count == 1)
        for keys in servers {
            let verifier = TokenVerifier(keys: keys, configuration: configuration, now: now)
            for token in tokens { #expect(try await verifier.verify(token.text).identity == .anonymous) }
        }
    }

    @Test("that another server has just made are looked for, but not for every name that anybody sends")
    func unknownKey() async throws {
        let store = CountingKeyStore()
        let clock = Clock()
        let now: @Sendable () -> Int64 = { clock.now }
        let configuration = TokenConfiguration()
        let mine = SigningKeys(store: store, now: now)
        try await mine.refresh()
        let verifier = TokenVerifier(keys: mine, configuration: configuration, now: now)
        clock.advance(30 * Self.day)
        var schedule = SigningKeys.Schedule()
        schedule.publication = 0
        let others = SigningKeys(store: store, schedule: schedule, now: now)
        try await others.refresh()
        let token = try TokenIssuer(keys: others, configuration: configuration, now: now)
            .issue(for: .anonymous, scopes: [], policy: Bench.policy())
        let known = try publishedIDs(mine)
        let id = try #require(try keyID(of: token))
        #expect(!known.contains(id))
        #expect(try await verifier.verify(token.text).identity == .anonymous)
        clock.advance(5)
        let before = store.loadCount
        for number in 0..<50 {
            let forged = try Forge.token(
                header: ["alg": .string("ES256"), "kid": .string("\(number)")],
                payload: ["iss": .string("berth")]
            ) { _ in [0] }
            await #expect(throws: TokenError.unknownKey("\(number)")) { try await verifier.verify(forged) }
        }
        #expect(store.loadCount == before + 1)
    }

    @Test("are of the algorithm that is configured, and old ones of another still verify")
    func otherAlgorithm() async throws {
        let store = MemoryKeyStore()
        let before = try await Bench(store: store)
        let token = try token(of: before)
        let after = try await Bench(algorithm: .edDSA, store: store)
        #expect(try Forge.part(0, of: self.token(of: after).text)["alg"] == .string("EdDSA"))
        #expect(try await after.verifier.verify(token.text).identity.name == "alice")
    }

    @Test("that can't be read are left alone")
    func unreadable() async throws {
        let store = MemoryKeyStore()
        let clock = Clock()
        for (id, algorithm) in [("a", "ML-DSA-65"), ("b", "ES256"), ("c", "")] {
            try await store.addSigningKey(
                StoredSigningKey(id: id, algorithm: algorithm, secret: [1, 2, 3], createdAt: clock.now - 10)
            )
        }
        let keys = SigningKeys(store: store, now: { clock.now })
        try await keys.refresh()
        let token = try TokenIssuer(keys: keys, configuration: TokenConfiguration(), now: { clock.now })
            .issue(for: .anonymous, scopes: [], policy: AccessPolicy())
        let id = try #require(try keyID(of: token))
        #expect(!["a", "b", "c"].contains(id))
        #expect(store.all.count == 4)
    }

    @Test("are there only after they were loaded")
    func notLoaded() {
        let keys = SigningKeys(store: MemoryKeyStore())
        let issuer = TokenIssuer(keys: keys, configuration: TokenConfiguration())
        #expect(throws: TokenError.noSigningKey) {
            try issuer.issue(for: .anonymous, scopes: [], policy: AccessPolicy())
        }
    }

    @Test("show their secrets in no description")
    func description() {
        let key = StoredSigningKey(id: "k", algorithm: "ES256", secret: Array("a very secret".utf8), createdAt: 0)
        var text = ""
        dump(key, to: &text)
        for text in ["\(key)", String(reflecting: key), "\([key])", text] {
            // As numbers, or as what they spell.
            #expect(!text.contains("97, 32") && !text.contains("very"))
        }
    }
}
