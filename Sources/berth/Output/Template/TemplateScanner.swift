import ImageSpec

/// The words of one action, such as `json .Config`.
struct TemplateScanner {
    enum Token: Equatable {
        case operand(TemplateOperand)
        case pipe
        case open
        case close
    }

    private var rest: Substring

    init(_ action: some StringProtocol) {
        rest = Substring(action)
    }

    /// The next word; nil behind the last one.
    mutating func next() throws(TemplateError) -> Token? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        switch first {
        case "|":
            rest.removeFirst()
            return .pipe
        case "(":
            rest.removeFirst()
            return .open
        case ")":
            rest.removeFirst()
            return .close
        case "\"", "`":
            return .operand(.literal(.string(try quoted(first))))
        default:
            return .operand(try word())
        }
    }

    private mutating func quoted(_ quote: Character) throws(TemplateError) -> String {
        var text = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\", quote == "\"", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            default: text.append(escaped)
            }
        }
        throw .unexpected("\(quote)\(text)")
    }

    private mutating func word() throws(TemplateError) -> TemplateOperand {
        let word = rest.prefix { !$0.isWhitespace && !"|()\"`".contains($0) }
        rest = rest[word.endIndex...]
        if word == "." { return .field([]) }
        if word == "$" { return .rootField([]) }
        if word.hasPrefix(".") || word.hasPrefix("$.") {
            let names = word.drop { $0 != "." }.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
            guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) else {
                throw .unexpected(String(word))
            }
            return word.hasPrefix("$") ? .rootField(names.map(String.init)) : .field(names.map(String.init))
        }
        if let number = Int64(word) { return .literal(.integer(number)) }
        switch word {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "nil": return .literal(.null)
        case _ where word.allSatisfy(\.isLetter): return .function(String(word))
        default: throw .unexpected(String(word))
        }
    }
}
