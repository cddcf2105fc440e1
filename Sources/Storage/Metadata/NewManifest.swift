import ImageSpec

/// A manifest on its way into the registry, with what it names.
package struct NewManifest: Sendable {
    package let stored: StoredManifest
    package let artifactType: MediaType?
    package let subject: Digest?
    /// What must be in the repository for the manifest to be accepted, and is kept for as long as the manifest is.
    package let references: [ManifestLink]
    /// Whether it is accepted though the repository lacks some of `references`.
    package let mayBeSparse: Bool

    package init(_ manifest: Manifest, digest: Digest, mayBeSparse: Bool = false) {
        self.mayBeSparse = mayBeSparse
        stored = StoredManifest(digest: digest, mediaType: manifest.mediaType, bytes: manifest.bytes)
        artifactType = manifest.artifactType
        subject = manifest.subject?.digest
        references =
            switch manifest.content {
            case .image(let image):
                [ManifestLink(kind: .blob, digest: image.config.digest)]
                    + image.layers.filter { !$0.mediaType.isNonDistributable }
                    .map { ManifestLink(kind: .blob, digest: $0.digest) }
            case .index(let index):
                // BuildKit's caches are indexes of layers.
                index.manifests.map {
                    ManifestLink(
                        kind: MediaType.manifests.contains($0.mediaType) ? .manifest : .blob,
                        digest: $0.digest
                    )
                }
            }
    }
}

/// One thing that a manifest names.
package struct ManifestLink: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// A config or a layer, or what an index names that isn't a manifest.
        case blob
        /// A child of an index.
        case manifest
    }

    package let kind: Kind
    package let digest: Digest

    package init(kind: Kind, digest: Digest) {
        self.kind = kind
        self.digest = digest
    }
}
