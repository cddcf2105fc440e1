import ImageSpec

/// Stored bytes as a blob store lists them; whether they are a blob is for the metadata to say.
package struct StoredBytes: Sendable, Hashable {
    package let location: BlobLocation
    /// In bytes.
    package let size: Int64
    /// What the bytes were stored as; nil for bytes that the store did not put there itself.
    package let digest: Digest?
    /// Whether whoever stored them has ended: bytes without a row are litter then, and no push on its way to one.
    package let isSettled: Bool

    package init(location: BlobLocation, size: Int64, digest: Digest?, isSettled: Bool) {
        self.location = location
        self.size = size
        self.digest = digest
        self.isSettled = isSettled
    }
}
