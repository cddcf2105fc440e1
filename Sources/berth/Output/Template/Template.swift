import ImageSpec

/// What `--format` says: text with actions in `{{ }}`, in the part of Go's template language that is used for it.
///
/// Fields by path, variables, pipes and parentheses; `if`, `else if`, `else`, `range`, `with`; and the functions of
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
        var variables = TemplateVariables(root: value)
        try render(nodes, value, &variables, into: &output)
        return output
    }

    private func render(
        _ nodes: [TemplateNode],
        _ dot: JSONValue,
        _ variables: inout TemplateVariables,
        into output: inout String
    ) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text(let text):
                output += text
            case .output(let pipeline):
                let value = try take(pipeline, dot, &variables)
                if pipeline.variables.isEmpty { output += value.templateText }
            case .conditional(let condition, let then, let otherwise):
                try variables.inBlock { (variables) throws(TemplateError) in
                    let isTrue = try take(condition, dot, &variables).isTrue
                    try render(isTrue ? then : otherwise, dot, &variables, into: &output)
                }
            case .range(let list, let each, let otherwise):
                let elements = try Self.elements(of: evaluate(list, dot, variables))
                if elements.isEmpty { try render(otherwise, dot, &variables, into: &output) }
                for (key, element) in elements {
                    try variables.inBlock { (variables) throws(TemplateError) in
                        if list.variables.count == 2 { variables.declare(list.variables[0], key) }
                        if let name = list.variables.last { variables.declare(name, element) }
                        try render(each, element, &variables, into: &output)
                    }
                }
            case .with(let pipeline, let then, let otherwise):
                try variables.inBlock { (variables) throws(TemplateError) in
                    let value = try take(pipeline, dot, &variables)
                    try render(value.isTrue ? then : otherwise, value.isTrue ? value : dot, &variables, into: &output)
                }
            }
        }
    }

    /// Each element, and its place or name.
    private static func elements(of value: JSONValue) throws(TemplateError) -> [(key: JSONValue, JSONValue)] {
        switch value {
        case .array(let elements): return elements.enumerated().map { (.integer(Int64($0)), $1) }
        case .object(let members): return members.sorted { $0.key < $1.key }.map { (.string($0.key), $0.value) }
        case .null: return []
        default: throw .wrongArguments("range")
        }
    }

    /// Evaluates a pipeline, and gives what comes out to the variable before it.
    private func take(
        _ pipeline: TemplatePipeline,
        _ dot: JSONValue,
        _ variables: inout TemplateVariables
    ) throws(TemplateError) -> JSONValue {
        let value = try evaluate(pipeline, dot, variables)
        // Two are for ranges.
        guard pipeline.variables.count < 2 else { throw .unexpected(",") }
        guard let name = pipeline.variables.first else { return value }
        if pipeline.isAssignment { try variables.assign(name, value) } else { variables.declare(name, value) }
        return value
    }

    private func evaluate(
        _ pipeline: TemplatePipeline,
        _ dot: JSONValue,
        _ variables: TemplateVariables
    ) throws(TemplateError) -> JSONValue {
        var result: JSONValue?
        for command in pipeline.commands {
            guard case .function(let name)? = command.first else {
                if command.count == 2, command[0] == .field(["Label"]), result == nil {
                    result = Self.label(try evaluate(command[1], dot, variables).templateText, in: dot["Labels"])
                    continue
                }
                guard command.count == 1, result == nil else { throw .wrongArguments("|") }
                result = try evaluate(command[0], dot, variables)
                continue
            }
            var arguments: [JSONValue] = []
            for operand in command.dropFirst() { arguments.append(try evaluate(operand, dot, variables)) }
            result = try TemplateFunction.call(name, arguments + (result.map { [$0] } ?? []))
        }
        return result ?? .null
    }

    /// The value of a label, of a row that has all of them as one text: docker's `{{.Label "name"}}`.
    private static func label(_ name: String, in labels: JSONValue?) -> JSONValue {
        var pairs: [Substring] = []
        for part in (labels?.templateText ?? "").split(separator: ",", omittingEmptySubsequences: false) {
            // A value with a comma in it.
            if !part.contains("="), let last = pairs.popLast() {
                pairs.append("\(last),\(part)")
            } else {
                pairs.append(part)
            }
        }
        return .string(pairs.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) } ?? "")
    }

    private func evaluate(
        _ operand: TemplateOperand,
        _ dot: JSONValue,
        _ variables: TemplateVariables
    ) throws(TemplateError) -> JSONValue {
        switch operand {
        case .literal(let value): return value
        case .field(let names): return try Self.member(names, of: dot)
        case .variable(let name, let names): return try Self.member(names, of: variables.value(of: name))
        case .function(let name): return try TemplateFunction.call(name, [])
        case .group(let pipeline, let names): return try Self.member(names, of: evaluate(pipeline, dot, variables))
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
