import ImageSpec

/// The variables of a template that is being printed: what a block declares ends with it.
struct TemplateVariables {
    private var stack: [(name: String, value: JSONValue)]

    init(root: JSONValue) {
        stack = [("$", root)]
    }

    func value(of name: String) throws(TemplateError) -> JSONValue {
        guard let variable = stack.last(where: { $0.name == name }) else { throw .noSuchVariable(name) }
        return variable.value
    }

    mutating func declare(_ name: String, _ value: JSONValue) {
        stack.append((name, value))
    }

    mutating func assign(_ name: String, _ value: JSONValue) throws(TemplateError) {
        guard let position = stack.lastIndex(where: { $0.name == name }) else { throw .noSuchVariable(name) }
        stack[position].value = value
    }

    /// Runs a block.
    mutating func inBlock(
        _ body: (inout TemplateVariables) throws(TemplateError) -> Void
    ) throws(TemplateError) {
        let depth = stack.count
        defer { stack.removeLast(stack.count - depth) }
        try body(&self)
    }
}
