import ImageSpec

/// A manifest of a cached repository.
package struct CachedManifestName: Sendable, Hashable {
    package let repository: RepositoryName
    package let digest: Digest

    package init(repository: RepositoryName, digest: Digest) {
        self.repository = repository
        self.digest = digest
    }
}

/// A manifest that can be fetched again.
package struct EvictableManifest: Sendable, Hashable {
    package let name: CachedManifestName
    /// In bytes.
    package let size: Int64
    /// In seconds since 1970.
    package let usedAt: Int64
    /// Tells manifests apart that were used in the same second.
    let id: Int64
}

/// What went with a manifest.
package struct ManifestEviction: Sendable, Hashable {
    package let tags: [Tag]
    /// Those that no manifest names any more and only caches hold.
    package let orphans: [EvictableBlob]
}
