/// Where a registry sends its clients for a token, and for what.
struct TokenDemand: Sendable, Hashable {
    let realm: String
    let service: String?
    let scopes: [String]
}

extension RepositoryAccess {
    /// What to ask a token service for: what the registry demands, and what this request needs beyond that.
    ///
    /// A registry that can't mount a blob for want of a right to its source doesn't say so: it opens an upload.
    func scopes(including demanded: [String]) -> [String] {
        var scopes = demanded
        if scopes.isEmpty, let own = scope { scopes.append(own) }
        if let mountSource {
            let source = "repository:\(mountSource):pull"
            let isThere = scopes.contains { $0 == source || $0.hasPrefix(source + ",") }
            if !isThere { scopes.append(source) }
        }
        return scopes
    }

    private var scope: String? {
        guard let repository else { return action == .catalog ? "registry:catalog:*" : nil }
        let actions =
            switch action {
            case .pull, .catalog: "pull"
            case .push: "pull,push"
            case .delete: "delete"
            }
        return "repository:\(repository):\(actions)"
    }
}
