/// What is wrong with a plan.
package enum PlanError: Error, Sendable, Equatable {
    case invalidVersionRange(String)
    case invalidPattern(String, reason: String)
    case invalidTemplate(String, reason: String)
    case invalidSource(String, reason: String)
}

extension PlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidVersionRange(let text):
            "'\(text)' is no range of versions; one is '>=1.2 <2', '^1.4', '~1.4.2', '1.x' or '1.2 - 1.4 || ^2'"
        case .invalidPattern(let text, let reason):
            "'\(text)' is no regular expression: \(reason)"
        case .invalidTemplate(let text, let reason):
            "'\(text)' is no destination: \(reason)"
        case .invalidSource(let text, let reason):
            "'\(text)' is no source: \(reason)"
        }
    }
}
