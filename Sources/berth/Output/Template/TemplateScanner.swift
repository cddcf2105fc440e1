import ImageSpec

/// The words of one action, such as `json .Config`.
struct TemplateScanner {
    enum Token: Equatable {
        case operand(TemplateOperand)
        case pipe
        case open
        /// With the fields that are asked of what was in the parentheses: `).Name`.
        case close([String])
        case comma
        /// `:=`
        case declare
        /// `=`
        case assign
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
            return .close(rest.first == "." ? try fields(of: nextWord()) : [])
        case ",":
            rest.removeFirst()
            return .comma
        case "=":
            rest.removeFirst()
            return .assign
        case ":":
            guard rest.hasPrefix(":=") else { throw .unexpected(String(rest)) }
            rest.removeFirst(2)
            return .declare
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

    private mutating func nextWord() -> Substring {
        let word = rest.prefix { !$0.isWhitespace && !"|()\"`,:=".contains($0) }
        rest = rest[word.endIndex...]
        return word
    }

    private mutating func word() throws(TemplateError) -> TemplateOperand {
        let word = nextWord()
        if word == "." { return .field([]) }
        if word.hasPrefix(".") { return .field(try fields(of: word)) }
        if word.hasPrefix("$") {
            let name = word.prefix { $0 != "." }
            guard name.dropFirst().allSatisfy(Self.belongsInName) else { throw .unexpected(String(word)) }
            return .variable(String(name), name == word ? [] : try fields(of: word[name.endIndex...]))
        }
        if let number = Int64(word) { return .literal(.integer(number)) }
        switch word {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "nil": return .literal(.null)
        case _ where !word.isEmpty && word.allSatisfy(\.isLetter): return .function(String(word))
        default: throw .unexpected(String(word))
        }
    }

    /// `.Name.Name` as names.
    private func fields(of word: Substring) throws(TemplateError) -> [String] {
        let names = word.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.belongsInName) }) else {
            throw .unexpected(String(word))
        }
        return names.map(String.init)
    }

    private static func belongsInName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
