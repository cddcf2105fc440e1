import ImageSpec

/// A blob that the registry holds: proven bytes, and where they are.
package struct StoredBlob: Sendable, Hashable {
    package let digest: Digest
    /// In bytes.
    package let size: Int64
    package let location: BlobLocation

    package init(digest: Digest, size: Int64, location: BlobLocation) {
        self.digest = digest
        self.size = size
        self.location = location
    }
}
