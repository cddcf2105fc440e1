import ImageSpec

/// Reads conditions over claims, by recursive descent; bounds how deep they are nested.
struct ClaimExpressionParser {
    private static let maximumDepth = 32
    private static let maximumListCount = 256
    /// No names of claims, unless behind `claims`.
    private static let reserved: Set = ["true", "false", "in", "startsWith", "matches", "claims"]

    private var reader: ClaimExpressionReader
    private var token: ClaimExpressionToken

    init(_ text: String) throws(ClaimExpressionError) {
        reader = ClaimExpressionReader(text)
        token = try reader.next()
    }

    /// Reads the whole text as a condition.
    mutating func parse() throws(ClaimExpressionError) -> ClaimCondition {
        let condition = try any(depth: 0)
        try expectEnd()
        return condition
    }

    /// Reads the whole text as a claim's name.
    mutating func parsePath() throws(ClaimExpressionError) -> ClaimPath {
        let path = try path()
        try expectEnd()
        return path
    }

    private mutating func any(depth: Int) throws(ClaimExpressionError) -> ClaimCondition {
        var conditions = [try all(depth: depth)]
        while try take("||") { conditions.append(try all(depth: depth)) }
        return conditions.count == 1 ? conditions[0] : .any(conditions)
    }

    private mutating func all(depth: Int) throws(ClaimExpressionError) -> ClaimCondition {
        var conditions = [try single(depth: depth)]
        while try take("&&") { conditions.append(try single(depth: depth)) }
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    private mutating func single(depth: Int) throws(ClaimExpressionError) -> ClaimCondition {
        guard depth <= Self.maximumDepth else {
            throw failure("it is nested more than \(Self.maximumDepth) levels deep")
        }
        if try take("!") { return .not(try single(depth: depth + 1)) }
        guard try take("(") else { return try comparison() }
        let condition = try any(depth: depth + 1)
        guard try take(")") else { throw failure("a ')' is missing") }
        return condition
    }

    private mutating func comparison() throws(ClaimExpressionError) -> ClaimCondition {
        let start = token.position
        let left = try operand()
        if try take("==") { return .equal(left, try operand()) }
        if try take("!=") { return .not(.equal(left, try operand())) }
        if try take(word: "in") { return .contained(left, in: try list()) }
        if try take(word: "startsWith") { return .starts(left, with: try literalText()) }
        if try take(word: "matches") { return .matches(left, GlobPattern(try literalText())) }
        switch left {
        case .claim(let path): return .claim(path)
        case .literal(.bool(let value)): return .constant(value)
        case .literal: throw ClaimExpressionError(position: start, reason: "a value alone is neither true nor false")
        }
    }

    private mutating func operand() throws(ClaimExpressionError) -> ClaimOperand {
        switch token.kind {
        case .literal(let value):
            try advance()
            return .literal(value)
        case .word("true"), .word("false"):
            let value = token.kind == .word("true")
            try advance()
            return .literal(.bool(value))
        default:
            return .claim(try path())
        }
    }

    /// The right side of `in`.
    private mutating func list() throws(ClaimExpressionError) -> ClaimOperand {
        guard try take("[") else { return .claim(try path()) }
        var elements: [JSONValue] = []
        if try take("]") { return .literal(.array([])) }
        repeat {
            guard elements.count < Self.maximumListCount else {
                throw failure("a list has more than \(Self.maximumListCount) values")
            }
            guard case .literal(let value) = try operand() else { throw failure("a list can hold values only") }
            elements.append(value)
        } while try take(",")
        guard try take("]") else { throw failure("a ']' is missing") }
        return .literal(.array(elements))
    }

    /// Only a text as it stands here can say what is looked for: a token must not.
    private mutating func literalText() throws(ClaimExpressionError) -> String {
        guard case .literal(.string(let text)) = token.kind else { throw failure("a text in quotes should follow") }
        try advance()
        return text
    }

    private mutating func path() throws(ClaimExpressionError) -> ClaimPath {
        guard case .word(let first) = token.kind else { throw failure("a claim's name or a value should stand here") }
        var names: [String] = []
        if first == "claims" {
            try advance()
            guard token.kind == .symbol("[") else { throw failure("'[\"NAME\"]' should follow 'claims'") }
        } else {
            guard !Self.reserved.contains(first) else { throw failure("'\(first)' can't be a claim's name") }
            names.append(first)
            try advance()
        }
        while true {
            if try take(".") {
                guard case .word(let name) = token.kind else { throw failure("a name should follow '.'") }
                names.append(name)
                try advance()
            } else if token.kind == .symbol("[") {
                try advance()
                names.append(try literalText())
                guard try take("]") else { throw failure("a ']' is missing") }
            } else {
                return ClaimPath(names: names)
            }
        }
    }

    private mutating func take(_ symbol: String) throws(ClaimExpressionError) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    private mutating func take(word: String) throws(ClaimExpressionError) -> Bool {
        guard token.kind == .word(word) else { return false }
        try advance()
        return true
    }

    private mutating func advance() throws(ClaimExpressionError) { token = try reader.next() }

    private mutating func expectEnd() throws(ClaimExpressionError) {
        guard token.kind == .end else { throw failure("'&&', '||' or the end should stand here") }
    }

    private func failure(_ reason: String) -> ClaimExpressionError {
        ClaimExpressionError(position: token.position, reason: reason)
    }
}
