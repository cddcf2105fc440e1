import FoundationEssentials
import ImageSpec
import TestSupport
import Testing

@Suite("JSON values")
struct JSONValueTests {
    private static func value(_ generator: inout SeededGenerator, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3: .number(Double(Int.random(in: -9999...9999, using: &generator)) + 0.25)
        case 4: .string(text(&generator))
        case 5:
            .array((0..<Int.random(in: 0..<5, using: &generator)).map { _ in value(&generator, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                        (text(&generator), value(&generator, depth: depth + 1))
                    },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        generator.text(of: "az09 \"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}é漢😀\u{2028}", upTo: 12)
    }

    @Test("that are written, compact or pretty, are read back as they were, and by Foundation too")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Self.value(&generator)
            #expect(try JSONValue(parsing: value.compactText) == value, "seed \(seed)")
            #expect(try JSONValue(parsing: Array(value.prettyText.utf8)) == value, "seed \(seed)")
            let decoded = try JSONDecoder().decode(JSONValue.self, from: Data(value.compactText))
            #expect(decoded == value, "seed \(seed)")
        }
    }

    @Test("escapes and surrogate pairs are read")
    func escapes() throws {
        let text = Array(#" { "\u0041\n\/" : [ "\ud83d\ude00", 1e2, -0.5, 18446744073709551616 ] } "#.utf8)
        #expect(
            try JSONValue(parsing: text)
                == .object([
                    "A\n/": .array([.string("😀"), .number(100), .number(-0.5), .number(18_446_744_073_709_551_616)])
                ])
        )
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "+1", "1.", ".5", "0x1", "nul", "\"\u{1}\"", "\"\\x\"",
            "\"a",
            "\"\\ud800\"", "\"\\ud800\\u0041\"", "1 2", "NaN", "-", "[1 2]", "'a'",
        ]
    )
    func refusals(text: String) {
        #expect(throws: ImageSpecError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test("bytes that are no UTF-8, and values too deep, are refused")
    func hostile() {
        #expect(throws: ImageSpecError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: ImageSpecError.self) { try JSONValue(parsing: deep) }
    }
}
