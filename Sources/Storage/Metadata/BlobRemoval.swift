import ImageSpec

/// What came of asking that a repository serve a blob no more.
package enum BlobRemoval: Sendable, Hashable {
    case removed
    /// The repository doesn't have it.
    case unknown
    /// These manifests of the repository name it, or some of them; nothing was changed.
    case needed(by: [Digest])
}
