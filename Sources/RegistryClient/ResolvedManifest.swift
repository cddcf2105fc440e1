import ImageSpec

/// A manifest as somebody gave it, and the digest that was proven of its bytes.
package struct ResolvedManifest: Sendable {
    package let manifest: Manifest
    /// By the algorithm that was asked for, or that the registry uses.
    package let digest: Digest

    /// - Parameter digest: proven of the manifest's bytes.
    package init(manifest: Manifest, digest: Digest) {
        self.manifest = manifest
        self.digest = digest
    }

    package var descriptor: Descriptor {
        Descriptor(mediaType: manifest.mediaType, digest: digest, size: Int64(manifest.bytes.count))
    }

    /// As lists of referrers describe it: with its artifact type and annotations.
    package var referrerDescriptor: Descriptor {
        var descriptor = descriptor
        descriptor.artifactType = manifest.artifactType
        descriptor.annotations = manifest.annotations
        return descriptor
    }
}
