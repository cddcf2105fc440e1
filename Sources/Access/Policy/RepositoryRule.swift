import ImageSpec

/// What holds for the repositories that a pattern names. What is nil is left to the next less specific rule.
package struct RepositoryRule: Sendable, Hashable {
    package let pattern: RepositoryPattern
    package var visibility: Visibility?
    package var creation: CreationRule?
    /// Tags that nobody may move once they are there, with `*` and `?`; empty for none.
    package var immutableTags: [String]?

    package init(
        _ pattern: RepositoryPattern,
        visibility: Visibility? = nil,
        creation: CreationRule? = nil,
        immutableTags: [String]? = nil
    ) {
        self.pattern = pattern
        self.visibility = visibility
        self.creation = creation
        self.immutableTags = immutableTags
    }
}
