import Access
import ImageSpec

/// Which entries of the audit are wanted: those for which all that is told here holds.
package struct AuditQuery: Sendable, Hashable {
    /// Where a page begins, and which way it goes.
    package enum Page: Sendable, Hashable {
        /// The newest first, of those with a smaller id than this; nil for all.
        case before(Int64?)
        /// The oldest first, of those with a larger id than this.
        case after(Int64)
    }

    package var page = Page.before(nil)
    /// How many entries at most.
    package var limit: Int
    package var actor: String?
    package var action: AuditAction?
    package var result: AuditResult?
    package var repositories: RepositoryPattern?
    package var digest: Digest?
    /// In milliseconds since 1970, the first that counts.
    package var since: Int64?
    /// In milliseconds since 1970, the first that doesn't count any more.
    package var until: Int64?

    package init(limit: Int) {
        self.limit = limit
    }
}
