/// Why a `--format` can't be printed.
enum TemplateError: Error, Equatable {
    case unclosedAction
    /// An `end` or `else` without its beginning, or a beginning without its `end`.
    case unbalanced(String)
    case unexpected(String)
    case noSuchFunction(String)
    case noSuchField(String)
    case noSuchVariable(String)
    case wrongArguments(String)
}

extension TemplateError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unclosedAction: "the format has a {{ without its }}"
        case .unbalanced(let word): "the format has '\(word)' where it doesn't belong, or lacks an {{end}}"
        case .unexpected(let text): "the format has '\(text)' where it doesn't belong"
        case .noSuchFunction(let name): "the format calls '\(name)', which is no function here"
        case .noSuchField(let name): "the format asks for '.\(name)', which isn't there"
        case .noSuchVariable(let name): "the format has no variable '\(name)' there"
        case .wrongArguments(let name): "the format gives '\(name)' what it can't use"
        }
    }
}
