import TestSupport
import Testing

@testable import RegistryClient

@Suite("TOML, as far as hosts files need it")
struct TOMLParserTests {
    @Test("tables keep the order of what is in them, and values their kinds")
    func document() throws {
        let table = try parse(
            #"""
            # a comment
            server = "https://registry.example"   # behind a value
            'literal key' = 'C:\temp'
            a.b . "c d" = true
            list = [ "x", # first
              'y', ["z"], ]
            inline = { one = "1", two.three = false }
            number = 12_000
            date = 1979-05-27T07:32:00Z
            escapes = "\"\\\n\t\u00e9\U0001F433"

            [host."https://b.example"]
              capabilities = ["pull"]
              [host."https://b.example".header]
                x-one = ["1", "2"]

            [host."https://a.example"]
            """#
        )
        #expect(table["server"] == .string("https://registry.example"))
        #expect(table["literal key"] == .string(#"C:\temp"#))
        #expect(table["a"]?["b"]?["c d"] == .bool(true))
        #expect(table["list"] == .array([.string("x"), .string("y"), .array([.string("z")])]))
        #expect(table["inline"]?["two"]?["three"] == .bool(false))
        #expect(table["number"] == .other("12_000"))
        #expect(table["escapes"] == .string("\"\\\n\té🐳"))
        guard case .table(let hosts)? = table["host"] else {
            Issue.record("no hosts")
            return
        }
        #expect(hosts.entries.map(\.name) == ["https://b.example", "https://a.example"])
        #expect(hosts["https://b.example"]?["header"]?["x-one"]?.strings == ["1", "2"])
    }

    @Test(
        "what isn't TOML, or is more of it than hosts files need, is refused with its line",
        arguments: [
            ("a", 1), ("a =", 1), ("\n= 1", 2), ("a = 1 b = 2", 1), ("\n\na = \"x", 3), ("a = \"\\q\"", 1),
            ("a = \"\\ud800\"", 1), ("a = [1", 1), ("a = [\n1,\n,]", 3), ("a = {b = 1", 1), ("[a", 1), ("[[a]]", 1),
            ("[]", 1), ("a = 1\na = 2", 2), ("a = 1\na.b = 2", 2), ("a = 1\n[a]", 2), ("a = \"\"\"x\"\"\"", 1),
            ("a = " + String(repeating: "[", count: 10_000), 1),
            (Array(repeating: "a", count: 100).joined(separator: ".") + " = 1", 1),
        ]
    )
    func refused(text: String, line: Int) {
        let failure = #expect(throws: TOMLParser.Failure.self) { try parse(text) }
        #expect(failure?.line == line)
    }

    @Test("any text is read to its end or refused")
    func anyText() {
        var generator = SeededGenerator(seed: 11)
        let pieces = ["[", "]", "{", "}", "\"", "'", "\\", "=", ".", ",", "\n", "#", " ", "a", "u0041", "true", "é"]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<30, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            _ = try? parse(text)
        }
    }

    private func parse(_ text: String) throws -> TOMLTable { try TOMLParser.table(in: Array(text.utf8)) }
}

extension TOMLValue {
    fileprivate subscript(name: String) -> TOMLValue? {
        guard case .table(let table) = self else { return nil }
        return table[name]
    }
}
