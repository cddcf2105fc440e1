import ImageSpec

/// A manifest as the registry keeps and serves it.
package struct StoredManifest: Sendable, Hashable {
    package let digest: Digest
    package let mediaType: MediaType
    /// Byte for byte what was pushed.
    package let bytes: [UInt8]

    package init(digest: Digest, mediaType: MediaType, bytes: [UInt8]) {
        self.digest = digest
        self.mediaType = mediaType
        self.bytes = bytes
    }
}
