import Access
import ImageSpec

/// On what terms something is changed: what must stand for it, what may not move by it, and what is written down of it.
package struct ChangeTerms: Sendable {
    /// What must stand at a tag or digest for the change to happen.
    package var condition: ManifestCondition?
    /// A tag that matches one of these is neither moved nor removed.
    package var immutableTags: [GlobPattern]
    /// What the audit keeps of the change when it happens, in the same transaction. The store tells it what only the
    /// store knows: the digest, and what stood there before.
    package var audit: AuditEntry?

    package init(
        if condition: ManifestCondition? = nil,
        keeping immutableTags: [GlobPattern] = [],
        audit: AuditEntry? = nil
    ) {
        self.condition = condition
        self.immutableTags = immutableTags
        self.audit = audit
    }

    /// No terms at all.
    package static let none = ChangeTerms()

    func isImmutable(_ tag: Tag) -> Bool {
        immutableTags.contains { $0.matches(tag.rawValue) }
    }
}

/// A change would have moved or removed a tag that may not move.
package struct TagImmutable: Error, Sendable, Hashable {
    package let tag: Tag
    /// The manifest that it stands for.
    package let digest: Digest

    package init(_ tag: Tag, at digest: Digest) {
        self.tag = tag
        self.digest = digest
    }
}
