/// Reads a template into its parts.
struct TemplateParser {
    /// How deep parts may stand in parts.
    private static let maximumDepth = 32

    private enum Piece {
        case text(String)
        case action(String)
    }

    private var pieces: ArraySlice<Piece>

    init(_ text: String) throws(TemplateError) {
        pieces = try Self.pieces(of: text)[...]
    }

    /// All parts.
    mutating func parse() throws(TemplateError) -> [TemplateNode] {
        let (nodes, stop) = try nodes(depth: 0)
        if let stop { throw .unbalanced(stop) }
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
    private mutating func nodes(depth: Int) throws(TemplateError) -> ([TemplateNode], stop: String?) {
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
            case "end", "else":
                guard rest.allSatisfy(\.isWhitespace) else { throw .unexpected(action) }
                return (nodes, keyword)
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
        guard stop == "else" else {
            guard stop == "end" else { throw .unbalanced("end") }
            return (first, [])
        }
        let (second, end) = try nodes(depth: depth + 1)
        guard end == "end" else { throw .unbalanced("else") }
        return (first, second)
    }
}

extension TemplateParser {
    private static func pipeline(_ action: some StringProtocol) throws(TemplateError) -> TemplatePipeline {
        var scanner = TemplateScanner(action)
        let (pipeline, isClosed) = try pipeline(&scanner, depth: 0)
        guard !isClosed else { throw .unexpected(")") }
        return pipeline
    }

    private static func pipeline(
        _ scanner: inout TemplateScanner,
        depth: Int
    ) throws(TemplateError) -> (TemplatePipeline, isClosed: Bool) {
        guard depth < maximumDepth else { throw .unexpected("(") }
        var commands: [[TemplateOperand]] = [[]]
        var isClosed = false
        words: while let token = try scanner.next() {
            switch token {
            case .operand(let operand):
                commands[commands.count - 1].append(operand)
            case .pipe:
                commands.append([])
            case .open:
                let (inner, isInnerClosed) = try pipeline(&scanner, depth: depth + 1)
                guard isInnerClosed else { throw .unexpected("(") }
                commands[commands.count - 1].append(.group(inner))
            case .close:
                isClosed = true
                break words
            }
        }
        guard commands.allSatisfy({ !$0.isEmpty }) else { throw .unexpected("{{}}") }
        return (TemplatePipeline(commands: commands), isClosed)
    }
}
