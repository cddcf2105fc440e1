import ImageSpec

/// What must stand at a tag or digest for a change to happen: so two writers don't undo each other unseen.
///
/// - SeeAlso: RFC 9110, section 13.1; OCI distribution-spec 1.1, "Referrers Tag Schema".
package struct ManifestCondition: Sendable, Hashable {
    /// A set of manifests.
    package enum Manifests: Sendable, Hashable {
        case any
        case among([Digest])

        func contains(_ digest: Digest) -> Bool {
            switch self {
            case .any: true
            case .among(let digests): digests.contains(digest)
            }
        }
    }

    /// Where it must be so.
    package let reference: ManifestReference
    /// What is there must be one of these; nil when it needn't.
    package let expected: Manifests?
    /// What is there must be none of these; nil when it may.
    package let unexpected: Manifests?

    package init(at reference: ManifestReference, expected: Manifests? = nil, unexpected: Manifests? = nil) {
        self.reference = reference
        self.expected = expected
        self.unexpected = unexpected
    }

    /// - Parameter current: the manifest that is there; nil for none.
    func holds(for current: Digest?) -> Bool {
        guard let current else { return expected == nil }
        return expected?.contains(current) != false && unexpected?.contains(current) != true
    }
}

/// Another manifest is there, or none, than the condition of a change asks for.
package struct ManifestConditionFailed: Error {
    /// nil: there is none.
    package let current: Digest?
}
