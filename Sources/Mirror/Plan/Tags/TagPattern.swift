import ImageSpec

/// One way to say which tags are meant.
package enum TagPattern: Sendable, Hashable {
    /// A tag's very name, or a pattern with `*` and `?`.
    case glob(GlobPattern)
    /// Of the whole tag.
    case regex(TagExpression)
    case versions(VersionRange)

    /// The tag that it means and no other; nil for what may mean several.
    package var literal: Tag? {
        guard case .glob(let pattern) = self, !pattern.text.contains(where: { $0 == "*" || $0 == "?" }) else {
            return nil
        }
        return try? Tag(pattern.text)
    }

    /// - Parameter prereleases: whether a range of versions takes prereleases.
    func matches(_ tag: Tag, prereleases: Bool) -> Bool {
        switch self {
        case .glob(let pattern): pattern.matches(tag.rawValue)
        case .regex(let expression): expression.matches(tag.rawValue)
        case .versions(let range):
            SemanticVersion(tag.rawValue).map { range.contains($0, prereleases: prereleases) } ?? false
        }
    }
}
