/// Who may pull from a repository without a grant.
package enum Visibility: String, Sendable, Hashable, CaseIterable {
    /// Everybody.
    case `public`
    /// Everybody who has proven to be somebody.
    case `internal`
    /// Nobody.
    case `private`
}
