import ImageSpec

/// A blob that only caches hold.
package struct EvictableBlob: Sendable, Hashable {
    package let digest: Digest
    /// In bytes.
    package let size: Int64
    /// In seconds since 1970.
    package let usedAt: Int64

    package init(digest: Digest, size: Int64, usedAt: Int64) {
        self.digest = digest
        self.size = size
        self.usedAt = usedAt
    }
}
