import ImageSpec

/// A manifest as a registry gave it, and the digest that was proven of its bytes.
package struct ResolvedManifest: Sendable {
    package let manifest: Manifest
    /// By the algorithm that was asked for, or that the registry uses.
    package let digest: Digest

    package var descriptor: Descriptor {
        Descriptor(mediaType: manifest.mediaType, digest: digest, size: Int64(manifest.bytes.count))
    }
}
