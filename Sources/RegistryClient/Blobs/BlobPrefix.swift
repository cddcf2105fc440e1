import ImageSpec

/// The first bytes of a blob, which needn't be fetched again: how many, and the hash over them.
package struct BlobPrefix: Sendable {
    package let hasher: DigestHasher
    /// In bytes.
    package let length: Int64

    package init(hasher: DigestHasher, length: Int64) {
        self.hasher = hasher
        self.length = length
    }
}
