/// Which tags a mirror deletes at its destination.
///
/// Only tags that the source's filters are about are ever deleted, and never a manifest or what refers to one.
package struct Deletions: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case none
        /// Those that the source has no more.
        case gone
        /// Those too that the source has, and that aren't new enough any more.
        case unselected
    }

    /// How many tags of a repository may go in one run, unless a plan says otherwise.
    package static let usualLimit = 20

    package var kind: Kind
    /// If more were to go, none goes.
    package var limit: Int

    package init(_ kind: Kind = .none, limit: Int = Deletions.usualLimit) {
        self.kind = kind
        self.limit = limit
    }
}
