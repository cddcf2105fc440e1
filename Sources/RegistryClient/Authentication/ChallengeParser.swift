/// Reads a `WWW-Authenticate` header: schemes, each with its parameters, in one list divided by commas.
///
/// - SeeAlso: RFC 9110, section 11.6.1.
struct ChallengeParser {
    struct Challenge: Equatable {
        /// In lower case.
        let scheme: String
        /// By name, in lower case; the first of a name counts.
        var parameters: [String: String] = [:]
    }

    private var rest: Substring.UTF8View
    private var challenges: [Challenge] = []

    /// The challenges in `text`, up to what can't be understood.
    static func challenges(in text: String) -> [Challenge] {
        var parser = ChallengeParser(rest: text[...].utf8)
        parser.parse()
        return parser.challenges
    }

    private init(rest: Substring.UTF8View) {
        self.rest = rest
    }

    private mutating func parse() {
        while true {
            skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
            guard let word = takeToken() else { return }
            let wasSpace = skip(Self.isSpace)
            // A word and an equals sign are a parameter of the scheme before; a word alone begins another scheme.
            guard rest.first == UInt8(ascii: "="), !challenges.isEmpty || !wasSpace else {
                challenges.append(Challenge(scheme: word.lowercased()))
                continue
            }
            rest.removeFirst()
            skip(Self.isSpace)
            guard !challenges.isEmpty, let value = takeValue() else { return }
            let last = challenges.count - 1
            challenges[last].parameters[word.lowercased()] = challenges[last].parameters[word.lowercased()] ?? value
        }
    }

    private mutating func takeToken() -> String? {
        let token = rest.prefix(while: Self.isTokenByte)
        guard !token.isEmpty else { return nil }
        rest = rest[token.endIndex...]
        return String(token)
    }

    private mutating func takeValue() -> String? {
        guard rest.first == UInt8(ascii: "\"") else { return takeUnquotedValue() }
        rest.removeFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            value.append(escaped)
        }
        return nil
    }

    /// Stricter than what servers do: some leave addresses without quotes.
    private mutating func takeUnquotedValue() -> String? {
        let value = rest.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: ",") }
        rest = rest[value.endIndex...]
        return String(value)
    }

    @discardableResult
    private mutating func skip(_ isSkipped: (UInt8) -> Bool) -> Bool {
        let skipped = rest.prefix(while: isSkipped)
        rest = rest[skipped.endIndex...]
        return !skipped.isEmpty
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
