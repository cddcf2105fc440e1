import Access
import ImageSpec

/// What a client asks a token for.
///
/// - SeeAlso: distribution's "Token Scope Documentation".
package enum RequestedScope: Sendable, Hashable {
    case repository(RepositoryName, Actions)
    /// The list of all repositories.
    case catalog

    /// Reads `TYPE:NAME:ACTIONS`; nil for what there isn't here: it is not granted, which is no error.
    package init?(_ text: some StringProtocol) {
        guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"), first < last else { return nil }
        // A type may have a class, as repository(plugin).
        let type = text[..<first].prefix { $0 != "(" }
        let name = text[text.index(after: first)..<last]
        let words = text[text.index(after: last)...].split(separator: ",")
        switch type {
        case "registry":
            guard name == "catalog", words.contains("*") else { return nil }
            self = .catalog
        case "repository":
            guard let repository = try? RepositoryName(name) else { return nil }
            var actions: Actions = []
            for word in words { actions.formUnion(word == "*" ? .all : (try? Actions(word)) ?? []) }
            self = .repository(repository, actions)
        default:
            return nil
        }
    }

    /// Reads what clients send: each text may hold several, with spaces between.
    package static func list(_ texts: [String]) -> [RequestedScope] {
        texts.flatMap { $0.split(separator: " ") }.compactMap { RequestedScope($0) }
    }
}
