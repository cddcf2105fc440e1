import ImageSpec

/// A layer blob that was just written.
package struct PackedLayer: Sendable, Equatable {
    /// Of the blob, which is compressed.
    package let digest: Digest
    /// Of the blob, in bytes.
    package let size: Int64
    /// The digest of the uncompressed archive.
    package let diffID: Digest

    package var descriptor: Descriptor { Descriptor(mediaType: .ociLayerGzip, digest: digest, size: size) }
}
