/// Another container that is to be known by a further name: what `--link` says.
package struct NetworkLink: Sendable, Hashable, Codable {
    package let container: String
    package let alias: String

    /// Parses `NAME[:ALIAS]`.
    ///
    /// - Throws: ``NetworkError/invalidLink(_:)``.
    package init(_ text: String) throws(NetworkError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].hasPrefix("/") ? parts[0].dropFirst() : parts[0]
        let alias = parts.count == 2 ? parts[1] : name
        guard !name.isEmpty, DomainName.isValid(alias) else { throw .invalidLink(text) }
        container = String(name)
        self.alias = String(alias)
    }
}
