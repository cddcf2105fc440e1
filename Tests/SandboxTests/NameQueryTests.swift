import TestSupport
import Testing

@testable import Sandbox

@Suite("Questions about names")
struct NameQueryTests {
    private static func question(_ name: String, type: UInt16 = 1, id: UInt16 = 0x1234) -> [UInt8] {
        let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        return id.bigEndianBytes + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + labels + [0] + type.bigEndianBytes + [0, 1]
    }

    @Test("are answered with the addresses of the version that was asked for, and not to be remembered")
    func answered() throws {
        let four = try #require(IPAddress("10.90.0.2"))
        let six = try #require(IPAddress("fd00::2"))
        let query = try #require(NameQuery(Self.question("Web")))
        #expect(query.name == "web")
        let answer = query.answer([four, six])
        #expect(Array(answer.prefix(12)) == [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
        #expect(Array(answer.suffix(16)) == [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10, 90, 0, 2])
        #expect(query.isAnswered(by: answer))
        let second = try #require(NameQuery(Self.question("web", type: 28)))
        #expect(Array(second.answer([four, six]).suffix(16)) == six.bytes)
        // A name that is known, but has nothing of what was asked for, isn't said to be missing.
        let other = try #require(NameQuery(Self.question("web", type: 15)))
        #expect(Array(other.answer([four, six]).prefix(8).suffix(5)) == [0x80, 0, 1, 0, 0])
    }

    @Test("about an address are answered with its name, where the question has the form for that")
    func reversed() throws {
        let four = try #require(NameQuery(Self.question("2.0.90.10.in-addr.arpa", type: 12)))
        #expect(four.reversedAddress == IPAddress("10.90.0.2"))
        let answer = try #require(four.answer("web.db"))
        #expect(Array(answer.prefix(8).suffix(5)) == [0x80, 0, 1, 0, 1])
        #expect(
            Array(answer.suffix(20)) == [0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 0, 0, 8, 3] + Array("web".utf8) + [
                2, 100, 98, 0,
            ]
        )
        let nibbles = "2.1." + String(repeating: "0.", count: 22) + "1.0.0.0.0.0.d.f.ip6.arpa"
        let six = try #require(NameQuery(Self.question(nibbles, type: 12)))
        #expect(six.reversedAddress == IPAddress("fd00:1::12"))
        for (name, type) in [
            ("2.0.90.10.in-addr.arpa", UInt16(1)), ("0.90.10.in-addr.arpa", 12), ("256.0.90.10.in-addr.arpa", 12),
            ("x.0.90.10.in-addr.arpa", 12), ("web", 12), ("2.1.ip6.arpa", 12),
            ("g.1." + String(repeating: "0.", count: 30) + "ip6.arpa", 12),
        ] {
            #expect(NameQuery(Self.question(name, type: type))?.reversedAddress == nil, "\(name)")
        }
        #expect(four.answer(String(repeating: "a", count: 64)) == nil)
        #expect(four.answer("") == nil)
    }

    @Test("and answers to others are told apart")
    func foreign() throws {
        let query = try #require(NameQuery(Self.question("web")))
        #expect(!query.isAnswered(by: Self.question("web")))
        var other = query.failure
        other[0] ^= 1
        #expect(!query.isAnswered(by: other))
        #expect(!query.isAnswered(by: query.failure.prefix(8)))
    }

    @Test("are passed over when they are malformed, in whatever way")
    func malformed() {
        let whole = Self.question("a.name.of.some.length.example")
        for length in 0..<whole.count { #expect(NameQuery(whole.prefix(length)) == nil, "\(length)") }
        var pointer = whole
        pointer[12] = 0xc0
        #expect(NameQuery(pointer) == nil)
        #expect(NameQuery(Self.question(String(repeating: "a234567890.", count: 30))) == nil)
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let query = NameQuery(bytes) else { continue }
            #expect(query.failure.count <= bytes.count, "seed \(seed)")
        }
    }
}
