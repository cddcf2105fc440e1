import ImageSpec

/// What `--format` says: text with actions in `{{ }}`, in the part of Go's template language that is used for it.
///
/// Fields by path, `$`, pipes and parentheses; `if`, `else`, `range`, `with`; and the functions of
/// ``TemplateFunction``.
///
/// ```swift
/// try Template("{{.Repository}}:{{.Tag}}").render(row)
/// ```
///
/// - SeeAlso: Go's package `text/template`; docker's "Format command and log output".
struct Template {
    private let nodes: [TemplateNode]

    /// - Throws: ``TemplateError``.
    init(_ text: String) throws(TemplateError) {
        var parser = try TemplateParser(text)
        nodes = try parser.parse()
    }

    /// The text for one value.
    func render(_ value: JSONValue) throws(TemplateError) -> String {
        var output = ""
        try render(nodes, value, root: value, into: &output)
        return output
    }

    private func render(
        _ nodes: [TemplateNode],
        _ dot: JSONValue,
        root: JSONValue,
        into output: inout String
    ) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text(let text):
                output += text
            case .output(let pipeline):
                output += try evaluate(pipeline, dot, root).templateText
            case .conditional(let condition, let then, let otherwise):
                let isTrue = try evaluate(condition, dot, root).isTrue
                try render(isTrue ? then : otherwise, dot, root: root, into: &output)
            case .range(let list, let each, let otherwise):
                let elements = try Self.elements(of: evaluate(list, dot, root))
                if elements.isEmpty { try render(otherwise, dot, root: root, into: &output) }
                for element in elements { try render(each, element, root: root, into: &output) }
            case .with(let pipeline, let then, let otherwise):
                let value = try evaluate(pipeline, dot, root)
                try render(value.isTrue ? then : otherwise, value.isTrue ? value : dot, root: root, into: &output)
            }
        }
    }

    private static func elements(of value: JSONValue) throws(TemplateError) -> [JSONValue] {
        switch value {
        case .array(let elements): return elements
        case .object(let members): return members.sorted { $0.key < $1.key }.map(\.value)
        case .null: return []
        default: throw .wrongArguments("range")
        }
    }

    private func evaluate(
        _ pipeline: TemplatePipeline,
        _ dot: JSONValue,
        _ root: JSONValue
    ) throws(TemplateError) -> JSONValue {
        var result: JSONValue?
        for command in pipeline.commands {
            guard case .function(let name)? = command.first else {
                guard command.count == 1, result == nil else { throw .wrongArguments("|") }
                result = try evaluate(command[0], dot, root)
                continue
            }
            var arguments: [JSONValue] = []
            for operand in command.dropFirst() { arguments.append(try evaluate(operand, dot, root)) }
            result = try TemplateFunction.call(name, arguments + (result.map { [$0] } ?? []))
        }
        return result ?? .null
    }

    private func evaluate(
        _ operand: TemplateOperand,
        _ dot: JSONValue,
        _ root: JSONValue
    ) throws(TemplateError) -> JSONValue {
        switch operand {
        case .literal(let value): value
        case .field(let names): try Self.member(names, of: dot)
        case .rootField(let names): try Self.member(names, of: root)
        case .function(let name): try TemplateFunction.call(name, [])
        case .group(let pipeline): try evaluate(pipeline, dot, root)
        }
    }

    /// A name that nothing has at the first step is a mistake; further in, what isn't there is no value.
    private static func member(_ names: [String], of value: JSONValue) throws(TemplateError) -> JSONValue {
        guard let first = names.first else { return value }
        guard var member = value[first] else { throw .noSuchField(names.joined(separator: ".")) }
        for name in names.dropFirst() { member = member[name] ?? .null }
        return member
    }
}
