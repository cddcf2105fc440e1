import ImageSpec

/// Some actions on some repositories.
package struct Scope: Sendable, Hashable {
    package let pattern: RepositoryPattern
    package let actions: Actions

    package init(_ pattern: RepositoryPattern, _ actions: Actions) {
        self.pattern = pattern
        self.actions = actions
    }

    /// Reads `PATTERN:ACTIONS`, as `team/**:pull,push`.
    ///
    /// - Throws: ``AccessError``.
    package init(_ text: String) throws(AccessError) {
        guard let colon = text.lastIndex(of: ":") else { throw .invalidPattern(String(text.prefix(300))) }
        pattern = try RepositoryPattern(text[..<colon])
        actions = try Actions(text[text.index(after: colon)...])
    }
}

extension Scope: CustomStringConvertible {
    package var description: String { "\(pattern):\(actions)" }
}

extension [Scope] {
    /// What they allow with `repository` together.
    package func actions(on repository: RepositoryName) -> Actions {
        reduce(into: []) { if $1.pattern.matches(repository) { $0.formUnion($1.actions.allowed) } }
    }
}
