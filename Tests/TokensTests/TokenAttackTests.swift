import Access
import Crypto
import Foundation
import ImageSpec
import JWTKit
import TestSupport
import Testing
import Tokens

/// What somebody sends who has seen a token, the published keys, and this code.
@Suite("Tokens that are attacks")
struct TokenAttackTests {
    private let bench: Bench
    private let header: [String: JSONValue]
    private let payload: [String: JSONValue]
    private let key: P256.Signing.PrivateKey

    init() async throws {
        bench = try await Bench()
        let (id, secret) = bench.stolenKey
        key = try P256.Signing.PrivateKey(rawRepresentation: secret)
        header = ["alg": .string("ES256"), "kid": .string(id), "typ": .string("JWT")]
        payload = [
            "iss": .string("registry.test"), "aud": .string("registry.test/service"), "sub": .string("alice"),
            "exp": .integer(bench.clock.now + 300), "nbf": .integer(bench.clock.now),
            "iat": .integer(bench.clock.now), "jti": .string("1"), "access": .array([]),
            "berth": .object(["kind": .string("account")]),
        ]
    }

    private func refusal(of token: String) async -> TokenError? {
        do throws(TokenError) {
            _ = try await bench.verifier.verify(token)
            return nil
        } catch {
            return error
        }
    }

    /// - Parameter absent: which members of either part aren't there.
    private func signed(
        header headerChanges: [String: JSONValue] = [:],
        payload payloadChanges: [String: JSONValue] = [:],
        without absent: String? = nil
    ) throws -> String {
        try Forge.token(
            header: header.merging(headerChanges) { $1 }.filter { $0.key != absent },
            payload: payload.merging(payloadChanges) { $1 }.filter { $0.key != absent },
            sign: Forge.signature(by: key)
        )
    }

    @Test("begin from one that is believed")
    func honest() async throws {
        let token = try signed()
        #expect(await refusal(of: token) == nil)
    }

    @Test("without a signature are refused", arguments: ["none", "None", "NONE", "nOnE", ""])
    func noAlgorithm(name: String) async throws {
        let unsigned = try Forge.token(
            header: header.merging(["alg": .string(name)]) { $1 },
            payload: payload
        ) { _ in [] }
        #expect(await refusal(of: unsigned) == .malformed(reason: "it has no signature"))
        let signed = try signed(header: ["alg": .string(name)])
        #expect(await refusal(of: signed) == .wrongAlgorithm(name))
    }

    @Test("that take the public key for a shared secret are refused", arguments: ["HS256", "HS384", "HS512"])
    func keyConfusion(name: String) async throws {
        let secrets = [
            Array(key.publicKey.rawRepresentation), Array(key.publicKey.x963Representation),
            Array(key.publicKey.derRepresentation), Array(key.publicKey.pemRepresentation.utf8), bench.keys.published,
        ]
        for secret in secrets {
            let token = try Forge.token(header: header.merging(["alg": .string(name)]) { $1 }, payload: payload) {
                bytes in
                Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: secret)))
            }
            #expect(await refusal(of: token) == .wrongAlgorithm(name))
        }
    }

    @Test("that name another algorithm than their key's are refused", arguments: ["ES384", "RS256", "EdDSA", "es256"])
    func otherAlgorithm(name: String) async throws {
        let token = try signed(header: ["alg": .string(name)])
        #expect(await refusal(of: token) == .wrongAlgorithm(name))
    }

    @Test(
        "whose key's name is anything but one of ours are refused",
        arguments: [
            "../../../../dev/null", "/etc/passwd", "file:///dev/zero", "https://evil.test/keys", "' OR '1'='1",
            "x'; DROP TABLE signing_keys; --", "", "\0", "%00", "*", "${jndi:ldap://evil.test}",
        ]
    )
    func keyName(name: String) async throws {
        let token = try signed(header: ["kid": .string(name)])
        #expect(await refusal(of: token) == .unknownKey(name))
        #expect(bench.store.all.count == 1)
    }

    @Test("whose key's name is no name are refused")
    func noKeyName() async throws {
        let huge = try signed(header: ["kid": .string(String(repeating: "k", count: 4000))])
        #expect(await refusal(of: huge) == .malformed(reason: "its 'kid' is no name of a key"))
        let number = try signed(header: ["kid": .integer(1)])
        #expect(await refusal(of: number) == .malformed(reason: "its 'kid' is no name of a key"))
        let missing = try signed(without: "kid")
        #expect(await refusal(of: missing) == .unknownKey(nil))
    }

    @Test("that bring their own key along are refused")
    func ownKey() async throws {
        let mine = P256.Signing.PrivateKey()
        let published = Forge.published(mine, id: bench.stolenKey.id)
        for name in ["jwk", "jku", "x5u", "x5c"] {
            let value: JSONValue = name == "jwk" ? published : .string("https://evil.test/keys")
            let token = try Forge.token(
                header: header.merging([name: value]) { $1 },
                payload: payload,
                sign: Forge.signature(by: mine)
            )
            #expect(await refusal(of: token) == .wrongSignature)
        }
    }

    @Test("that ask for extensions which nobody knows are refused")
    func critical() async throws {
        let token = try signed(header: ["crit": .array([.string("exp")])])
        #expect(await refusal(of: token) == .malformed(reason: "it asks for what isn't known here ('crit')"))
    }

    @Test("whose claims were changed are refused")
    func widened() async throws {
        let parts = try signed().split(separator: ".")
        let widened = payload.merging([
            "access": .array([
                .object([
                    "type": .string("repository"), "name": .string("secret/app"), "actions": .array([.string("push")]),
                ])
            ])
        ]) { $1 }
        let forged = "\(parts[0]).\(Forge.base64URL(JSONValue.object(widened).compactText)).\(parts[2])"
        #expect(await refusal(of: forged) == .wrongSignature)
        #expect(
            await refusal(of: "\(parts[0]).\(parts[1]).\(Forge.base64URL([UInt8](repeating: 0, count: 64)))")
                == .wrongSignature
        )
        #expect(await refusal(of: "\(parts[0]).\(parts[1]).\(Forge.base64URL([1]))") == .wrongSignature)
    }

    @Test("for others or by others are refused")
    func otherParties() async throws {
        let audience = try signed(payload: ["aud": .string("another.test")])
        #expect(await refusal(of: audience) == .wrongAudience)
        let part = try signed(payload: ["aud": .string("registry.test")])
        #expect(await refusal(of: part) == .wrongAudience)
        let none = try signed(without: "aud")
        #expect(await refusal(of: none) == .wrongAudience)
        let issuer = try signed(payload: ["iss": .string("another.test")])
        #expect(await refusal(of: issuer) == .unknownIssuer("another.test"))
        let noIssuer = try signed(without: "iss")
        #expect(await refusal(of: noIssuer) == .unknownIssuer("?"))
        let several = try signed(payload: ["aud": .array([.string("another.test"), .string("registry.test/service")])])
        #expect(await refusal(of: several) == nil)
    }

    @Test("at another time than theirs are refused")
    func times() async throws {
        let now = bench.clock.now
        let expired = try signed(payload: ["exp": .integer(now)])
        #expect(await refusal(of: expired) == .expired)
        let endless = try signed(without: "exp")
        #expect(await refusal(of: endless) == .missingClaim("exp"))
        for value in [
            JSONValue.string("\(now + 300)"), .integer(.max), .integer(-1), .number(1e300), .null, .bool(true),
        ] {
            let strange = try signed(payload: ["exp": value])
            #expect(await refusal(of: strange) == .malformed(reason: "its 'exp' is no time"))
        }
        let early = try signed(payload: ["nbf": .integer(now + 11)])
        #expect(await refusal(of: early) == .notYetValid)
        let future = try signed(payload: ["iat": .integer(now + 11)])
        #expect(await refusal(of: future) == .notYetValid)
        let almost = try signed(payload: ["nbf": .integer(now + 10)])
        #expect(await refusal(of: almost) == nil)
    }

    @Test("that were good are refused once they have expired, though they are remembered")
    func replay() async throws {
        let token = try signed()
        #expect(await refusal(of: token) == nil)
        bench.clock.advance(299)
        #expect(await refusal(of: token) == nil)
        bench.clock.advance(1)
        #expect(await refusal(of: token) == .expired)
    }

    @Test("that lack what a token says are refused", arguments: ["sub", "access", "berth"])
    func missing(name: String) async throws {
        let token = try signed(without: name)
        #expect(await refusal(of: token) == .missingClaim(name))
    }

    @Test("that say a thing twice are refused")
    func duplicates() async throws {
        let text = String(decoding: JSONValue.object(payload).compactText, as: UTF8.self)
        let twice = try Forge.token(
            header: JSONValue.object(header).compactText,
            payload: Array(text.replacing("\"sub\":\"alice\"", with: "\"sub\":\"root\",\"sub\":\"alice\"").utf8),
            sign: Forge.signature(by: key)
        )
        #expect(
            await refusal(of: twice) == .malformed(reason: "its payload is not a JSON object whose keys are unique")
        )
        let headerText = String(decoding: JSONValue.object(header).compactText, as: UTF8.self)
        let escaped = try Forge.token(
            header: Array(headerText.replacing("\"alg\":", with: "\"\\u0061lg\":\"none\",\"alg\":").utf8),
            payload: Array(text.utf8),
            sign: Forge.signature(by: key)
        )
        #expect(
            await refusal(of: escaped) == .malformed(reason: "its header is not a JSON object whose keys are unique")
        )
    }

    @Test("that are too long are refused before they are read")
    func tooLong() async throws {
        let long = try signed(payload: ["padding": .string(String(repeating: "x", count: 8192))])
        #expect(await refusal(of: long) == .tooLong(limit: 8192))
        #expect(await refusal(of: String(repeating: "a.", count: 5_000_000)) == .tooLong(limit: 8192))
    }

    @Test(
        "that are no tokens at all are refused",
        arguments: [
            "", ".", "..", "...", "a.b", "a.b.c.d", "eyJ", "eyJ..", "!!!.???.***", "eyJ9.eyJ9.AA", "bnVsbA.bnVsbA.AAAA",
            "W10.W10.AAAA", "e30.e30.AAAA", "\u{1F4A3}.\u{1F4A3}.\u{1F4A3}",
        ]
    )
    func garbage(text: String) async throws {
        guard case .malformed = await refusal(of: text) else {
            Issue.record("'\(text)' was not refused as malformed")
            return
        }
    }

    @Test("that are written in another way than encoders write are refused")
    func spelling() async throws {
        let token = try signed()
        #expect(await refusal(of: token + "=") != nil)
        #expect(await refusal(of: token + "\n") != nil)
        #expect(await refusal(of: " " + token) != nil)
        #expect(await refusal(of: token.replacing(".", with: "=.")) != nil)
        // The last character of 64 bytes stands for two bits and four that are nothing: they must be zero.
        let last = try #require(token.last)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let value = try #require(alphabet.firstIndex(of: last))
        #expect(
            await refusal(of: token.dropLast() + String(alphabet[value + 1]))
                == .malformed(reason: "it has no signature")
        )
    }

    @Test("signed by a key that has ended are refused, and so are those of another registry")
    func endedKey() async throws {
        let other = try await Bench()
        let foreign = try other.issuer.issue(for: Bench.alice(), scopes: [], policy: Bench.policy())
        #expect(await refusal(of: foreign.text) == .unknownKey(other.stolenKey.id))
        let old = bench.stolenKey.id
        bench.clock.advance(60 * 86_400)
        try await bench.keys.refresh()
        let last = try signed(payload: ["exp": .integer(bench.clock.now + 300)])
        #expect(await refusal(of: last) == nil)
        bench.clock.advance(2 * 3600)
        try await bench.keys.refresh()
        let token = try signed(payload: ["exp": .integer(bench.clock.now + 300)])
        #expect(await refusal(of: token) == .unknownKey(old))
    }

    @Test("of all kinds, made by chance from a good one, are refused")
    func mutations() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let token = Array(try signed().utf8)
        for _ in 0..<3000 {
            var mutated = token
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[index] = UInt8.random(in: 33..<127, using: &generator)
                case 1: mutated.remove(at: index)
                default: mutated.insert(UInt8.random(in: 33..<127, using: &generator), at: index)
                }
            }
            guard mutated != token else { continue }
            let text = String(decoding: mutated, as: UTF8.self)
            #expect(await refusal(of: text) != nil, "seed \(seed): \(text)")
        }
    }
}
