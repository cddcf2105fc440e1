import ImageSpec

/// What is known of the repositories that are caches of others.
///
/// A repository is a cache from when it is made to its end, or never: what was pushed to is nobody's cache.
package protocol CacheMetadata: Sendable {
    /// What kind of repository `name` is; nil when there is none, or it holds nothing yet and may become either.
    func origin(of name: RepositoryName) async throws -> RepositoryOrigin?

    /// Makes `name` a cache of `upstream`'s, when there is no such repository yet.
    ///
    /// - Returns: whether it is a cache now.
    func makeCache(_ name: RepositoryName, of upstream: String) async throws -> Bool

    /// The blob, in whatever repository.
    func storedBlob(_ digest: Digest) async throws -> StoredBlob?

    /// Lets a repository serve a blob that is stored for another; makes the repository when it is new.
    ///
    /// - Returns: whether the blob is stored still.
    func linkBlob(_ digest: Digest, to repository: RepositoryName) async throws -> Bool

    /// A manifest in `repository` that names the blob.
    func manifest(naming blob: Digest, in repository: RepositoryName) async throws -> StoredManifest?

    /// What a tag of a cached repository pointed to when it was last asked for; nil when there is no such tag.
    func cachedTag(_ tag: Tag, in repository: RepositoryName) async throws -> CachedTag?

    /// Says that a tag was asked for at `time` and found to point to `digest`, a manifest that is here.
    ///
    /// - Parameter time: in seconds since 1970.
    func noteTag(_ tag: Tag, pointsTo digest: Digest, at time: Int64, in repository: RepositoryName) async throws

    /// Says that blobs and manifests were read, each at a time in seconds since 1970; those that aren't evictable are
    /// passed over.
    func noteUse(of blobs: [Digest: Int64], and manifests: [CachedManifestName: Int64]) async throws

    /// What caches hold and nobody else does.
    func cacheTotals() async throws -> CacheTotals

    /// A page of the blobs that only caches hold, the longest unused first: at most `limit` of those behind `last`.
    func evictableBlobs(after last: EvictableBlob?, limit: Int) async throws -> [EvictableBlob]

    /// Makes a blob unknown that only caches hold.
    ///
    /// - Returns: where its bytes were; nil when a repository needs it that is no cache, or it isn't known.
    func evict(_ digest: Digest) async throws -> BlobLocation?

    /// A page of the manifests of caches, the longest unused first: at most `limit` of those behind `last`.
    func evictableManifests(after last: EvictableManifest?, limit: Int) async throws -> [EvictableManifest]

    /// Drops a manifest of a cache with its tags; the blobs that no other one names are the next to be evicted, unless
    /// they are read before.
    ///
    /// - Returns: nil when no cache has such a manifest.
    func evict(_ manifest: CachedManifestName) async throws -> ManifestEviction?

    /// The tags of all caches of `upstream`, a page: at most `limit` of those behind `last`.
    func cachedTags(of upstream: String, after last: CachedTagName?, limit: Int) async throws -> [CachedTagName]

    /// Whether a manifest in whatever repository names the blob.
    func isNamed(_ blob: Digest) async throws -> Bool

    /// Patterns of what is never to be evicted, in their order.
    func cachePins() async throws -> [String]
    func addCachePin(_ pattern: String) async throws
    /// - Returns: whether there was such a pin.
    func removeCachePin(_ pattern: String) async throws -> Bool

    /// The blobs that the manifest and those that it names need, as far as they are here.
    func blobs(neededBy manifest: Digest, in repository: RepositoryName) async throws -> [Digest]

    /// The manifests that are here of those that make up an image: itself, and those that it names.
    func manifests(neededBy manifest: Digest, in repository: RepositoryName) async throws -> [Digest]
}

/// What kind of repository it is.
package enum RepositoryOrigin: Sendable, Hashable {
    /// It has what was pushed to it.
    case local
    /// It has what was fetched from the upstream with this name.
    case cache(of: String)
}

/// What is known of a tag of a cached repository.
package struct CachedTag: Sendable, Hashable {
    package let digest: Digest
    /// In seconds since 1970.
    package let checkedAt: Int64

    package init(digest: Digest, checkedAt: Int64) {
        self.digest = digest
        self.checkedAt = checkedAt
    }
}

/// A tag, and what it points to.
package struct CachedTagName: Sendable, Hashable {
    package let repository: RepositoryName
    package let tag: Tag
    package let digest: Digest

    package init(repository: RepositoryName, tag: Tag, digest: Digest) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }
}
