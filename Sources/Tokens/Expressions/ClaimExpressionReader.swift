import ImageSpec

/// Takes a condition's text apart.
struct ClaimExpressionReader {
    private static let symbols = ["==", "!=", "&&", "||", "!", "(", ")", "[", "]", ",", "."]

    private let characters: [Character]
    private var index = 0

    init(_ text: String) {
        characters = Array(text)
    }

    /// The next part; ``ClaimExpressionToken/Kind/end`` behind the last one.
    mutating func next() throws(ClaimExpressionError) -> ClaimExpressionToken {
        while index < characters.count, characters[index].isWhitespace { index += 1 }
        let position = index + 1
        guard index < characters.count else { return ClaimExpressionToken(kind: .end, position: position) }
        let first = characters[index]
        if first == "\"" || first == "'" {
            return ClaimExpressionToken(kind: .literal(.string(try string(endingWith: first))), position: position)
        }
        if first.isASCII, first.isNumber || first == "-" {
            return ClaimExpressionToken(kind: .literal(try number()), position: position)
        }
        if first.isASCII, first.isLetter || first == "_" {
            return ClaimExpressionToken(kind: .word(word()), position: position)
        }
        for symbol in Self.symbols where characters[index...].starts(with: symbol) {
            index += symbol.count
            return ClaimExpressionToken(kind: .symbol(symbol), position: position)
        }
        throw ClaimExpressionError(position: position, reason: "'\(first)' has no meaning here")
    }

    /// A claim's name may have a dash in it: nothing is subtracted here.
    private mutating func word() -> String {
        let start = index
        while index < characters.count, Self.isOfWord(characters[index]) { index += 1 }
        return String(characters[start..<index])
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    /// A backslash makes a quote or a backslash what it is.
    private mutating func string(endingWith quote: Character) throws(ClaimExpressionError) -> String {
        let start = index + 1
        index += 1
        var text = ""
        while index < characters.count {
            let character = characters[index]
            index += 1
            if character == quote { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            guard index < characters.count, ["\"", "'", "\\"].contains(characters[index]) else {
                throw ClaimExpressionError(position: index, reason: "only a quote or a backslash can follow '\\'")
            }
            text.append(characters[index])
            index += 1
        }
        throw ClaimExpressionError(position: start, reason: "a text has no end")
    }

    private mutating func number() throws(ClaimExpressionError) -> JSONValue {
        let start = index
        while index < characters.count, Self.isOfNumber(characters[index]) { index += 1 }
        let text = String(characters[start..<index])
        switch try? JSONValue(parsing: Array(text.utf8)) {
        case .integer(let number)?: return .integer(number)
        case .number(let number)?: return .number(number)
        default: throw ClaimExpressionError(position: start + 1, reason: "'\(text)' is no number")
        }
    }

    private static func isOfNumber(_ character: Character) -> Bool {
        character.isASCII && (character.isNumber || character.isLetter || "+-.".contains(character))
    }
}
