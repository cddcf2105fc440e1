/// Reads a template into its parts.
struct TemplateParser {
    /// How deep parts may stand in parts.
    private static let maximumDepth = 32

    private enum Piece {
        case text(String)
        case action(String)
    }

    /// What ends a list of parts.
    private enum Stop {
        case end
        /// `else`, with what stands behind it.
        case otherwise(Substring)

        var word: String {
            switch self {
            case .end: "end"
            case .otherwise: "else"
            }
        }
    }

    private var pieces: ArraySlice<Piece>

    init(_ text: String) throws(TemplateError) {
        pieces = try Self.pieces(of: text)[...]
    }

    /// All parts.
    mutating func parse() throws(TemplateError) -> [TemplateNode] {
        let (nodes, stop) = try nodes(depth: 0)
        if let stop { throw .unbalanced(stop.word) }
        return nodes
    }

    /// Splits text from actions; `{{-` and `-}}` take the spaces beside them away.
    private static func pieces(of text: String) throws(TemplateError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{") {
            var before = rest[..<opening.lowerBound]
            guard let closing = rest[opening.upperBound...].firstRange(of: "}}") else { throw .unclosedAction }
            var action = rest[opening.upperBound..<closing.lowerBound]
            rest = rest[closing.upperBound...]
            if action.hasPrefix("- ") {
                action.removeFirst()
                while before.last?.isWhitespace == true { before.removeLast() }
            }
            if action.hasSuffix(" -") {
                action.removeLast()
                rest = rest.drop(while: \.isWhitespace)
            }
            if !before.isEmpty { pieces.append(.text(String(before))) }
            pieces.append(.action(String(action)))
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// Parts up to an `else` or `end`, which is given too.
    private mutating func nodes(depth: Int) throws(TemplateError) -> ([TemplateNode], stop: Stop?) {
        guard depth < Self.maximumDepth else { throw .unbalanced("if") }
        var nodes: [TemplateNode] = []
        while let piece = pieces.popFirst() {
            guard case .action(let action) = piece else {
                if case .text(let text) = piece { nodes.append(.text(text)) }
                continue
            }
            let trimmed = action.drop(while: \.isWhitespace)
            let keyword = String(trimmed.prefix { $0.isLetter })
            let rest = trimmed.dropFirst(keyword.count)
            switch keyword {
            case "end":
                guard rest.allSatisfy(\.isWhitespace) else { throw .unexpected(action) }
                return (nodes, .end)
            case "else":
                return (nodes, .otherwise(rest.drop(while: \.isWhitespace)))
            case "if":
                let (then, otherwise) = try branches(depth: depth)
                nodes.append(.conditional(try Self.pipeline(rest), then: then, otherwise: otherwise))
            case "range":
                let (each, otherwise) = try branches(depth: depth)
                nodes.append(.range(try Self.pipeline(rest), each: each, otherwise: otherwise))
            case "with":
                let (then, otherwise) = try branches(depth: depth)
                nodes.append(.with(try Self.pipeline(rest), then: then, otherwise: otherwise))
            default:
                guard !trimmed.hasPrefix("/*") else { continue }
                nodes.append(.output(try Self.pipeline(trimmed)))
            }
        }
        return (nodes, nil)
    }

    private mutating func branches(depth: Int) throws(TemplateError) -> ([TemplateNode], [TemplateNode]) {
        let (first, stop) = try nodes(depth: depth + 1)
        guard case .otherwise(let condition)? = stop else {
            guard case .end? = stop else { throw .unbalanced("end") }
            return (first, [])
        }
        // `else if` has no end of its own.
        if condition.hasPrefix("if "), depth < Self.maximumDepth {
            let (then, otherwise) = try branches(depth: depth + 1)
            return (first, [.conditional(try Self.pipeline(condition.dropFirst(3)), then: then, otherwise: otherwise)])
        }
        guard condition.isEmpty else { throw .unexpected("else \(condition)") }
        let (second, end) = try nodes(depth: depth + 1)
        guard case .end? = end else { throw .unbalanced("else") }
        return (first, second)
    }
}

extension TemplateParser {
    private static func pipeline(_ action: some StringProtocol) throws(TemplateError) -> TemplatePipeline {
        var scanner = TemplateScanner(action)
        let (variables, isAssignment) = try declaration(&scanner)
        var (pipeline, close) = try pipeline(&scanner, depth: 0)
        guard close == nil else { throw .unexpected(")") }
        pipeline.variables = variables
        pipeline.isAssignment = isAssignment
        return pipeline
    }

    /// `$name :=`, `$name, $name :=` or `$name =`, which may stand before a pipeline; else the scanner stays where it is.
    private static func declaration(
        _ scanner: inout TemplateScanner
    ) throws(TemplateError) -> (variables: [String], isAssignment: Bool) {
        var ahead = scanner
        var names: [String] = []
        while names.count < 2, case .operand(.variable(let name, let fields))? = try ahead.next(), fields.isEmpty {
            names.append(name)
            switch try ahead.next() {
            case .comma: continue
            case .declare:
                scanner = ahead
                return (names, false)
            case .assign where names.count == 1:
                scanner = ahead
                return (names, true)
            default: return ([], false)
            }
        }
        return ([], false)
    }

    /// - Returns: also the fields that are asked of the whole, when a parenthesis closed it.
    private static func pipeline(
        _ scanner: inout TemplateScanner,
        depth: Int
    ) throws(TemplateError) -> (TemplatePipeline, close: [String]?) {
        guard depth < maximumDepth else { throw .unexpected("(") }
        var commands: [[TemplateOperand]] = [[]]
        var close: [String]?
        words: while let token = try scanner.next() {
            switch token {
            case .operand(let operand):
                commands[commands.count - 1].append(operand)
            case .pipe:
                commands.append([])
            case .open:
                let (inner, fields) = try pipeline(&scanner, depth: depth + 1)
                guard let fields else { throw .unexpected("(") }
                commands[commands.count - 1].append(.group(inner, fields))
            case .close(let fields):
                close = fields
                break words
            case .comma: throw .unexpected(",")
            case .declare: throw .unexpected(":=")
            case .assign: throw .unexpected("=")
            }
        }
        guard commands.allSatisfy({ !$0.isEmpty }) else { throw .unexpected("{{}}") }
        return (TemplatePipeline(commands: commands), close)
    }
}
