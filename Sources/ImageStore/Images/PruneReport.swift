import ImageSpec

/// What ``ImageStore/prune(all:where:)`` did.
package struct PruneReport: Sendable, Equatable {
    /// The names that are gone.
    package var untagged: [ImageReference] = []
    /// The IDs of images, the digests of other blobs, and the diff IDs of layers, whose content is gone.
    package var deleted: [Digest] = []
    /// In bytes.
    package var reclaimed: Int64 = 0

    package init() {}
}
