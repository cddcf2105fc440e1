import ImageSpec
import Logging
import Storage

/// What operators do with caches.
extension Registry {
    /// How many tags are looked at at once.
    private static let cachePageLength = 1000

    /// All tags that caches hold whose image, as `repository:tag`, matches `pattern`, in the order of their names.
    package func cachedImages(matching pattern: GlobPattern?) async throws -> [CacheImage] {
        var images: [CacheImage] = []
        let pins = try await metadata.cachePins().map { GlobPattern($0) }
        try await forEachCachedTag { upstream, tag in
            guard pattern?.matches("\(tag.repository):\(tag.tag)") ?? true else { return }
            var size: Int64 = 0
            for digest in try await metadata.blobs(neededBy: tag.digest, in: tag.repository) {
                size += try await metadata.blob(digest, in: tag.repository)?.size ?? 0
            }
            images.append(
                CacheImage(
                    repository: tag.repository.rawValue,
                    tag: tag.tag.rawValue,
                    digest: "\(tag.digest)",
                    checkedAt: try await metadata.cachedTag(tag.tag, in: tag.repository)?.checkedAt ?? 0,
                    size: size,
                    isPinned: PinnedContent.isPinned(tag, by: upstream, and: pins)
                )
            )
        }
        return images
    }

    /// Fetches an image whole, as if a client had pulled it.
    ///
    /// - Parameters:
    ///   - image: a cached repository and what to fetch of it.
    ///   - platform: what to take of an index.
    /// - Returns: the digest of what was named.
    /// - Throws: ``RegistryError``.
    package func warm(
        _ repository: RepositoryName,
        _ reference: ManifestReference,
        platform: Platform,
        logger: Logger
    ) async throws -> Digest {
        guard let upstreams, let cached = try await upstreams.cachedRepository(repository) else {
            throw RegistryError.repositoryUnknown(repository)
        }
        let named = try await manifest(reference, of: cached)
        var image = named
        if case .index(let index) = try Manifest(parsing: named.bytes, contentType: named.mediaType).content {
            guard let child = index.manifest(for: platform) else {
                throw RegistryError.manifestInvalid(reason: "the index has no image for \(platform)")
            }
            image = try await manifest(.digest(child.digest), of: cached)
        }
        for digest in try await metadata.blobs(neededBy: image.digest, in: repository) {
            guard try await metadata.blob(digest, in: repository) == nil else { continue }
            guard let download = try await cached.download(digest, logger: logger) else {
                throw RegistryError.blobUnknown(digest)
            }
            _ = try await download.download.stored()
        }
        return named.digest
    }

    private func manifest(_ reference: ManifestReference, of cached: CachedRepository) async throws -> StoredManifest {
        switch reference {
        case .tag(let tag): try await cached.manifest(tag, cache: manifestCache).value
        case .digest(let digest): try await cached.manifest(digest, cache: manifestCache)
        }
    }

    /// Drops what caches hold of the images that match `pattern`: their tags, and the blobs that no other cached image and
    /// no local repository needs.
    package func evict(matching pattern: GlobPattern, logger: Logger) async throws -> CacheEviction {
        guard let upstreams else { return CacheEviction() }
        var matching: [CachedTagName] = []
        var kept: Set<CachedManifestName> = []
        try await forEachCachedTag { _, tag in
            if pattern.matches("\(tag.repository):\(tag.tag)") {
                matching.append(tag)
            } else {
                kept.insert(CachedManifestName(repository: tag.repository, digest: tag.digest))
            }
        }
        var eviction = CacheEviction()
        var candidates: Set<Digest> = []
        for tag in matching {
            _ = try await metadata.removeTag(tag.tag, from: tag.repository)
            upstreams.tags.forget(tag.tag, in: tag.repository)
            eviction.tags += 1
            guard !kept.contains(CachedManifestName(repository: tag.repository, digest: tag.digest)) else {
                continue
            }
            candidates.formUnion(try await metadata.blobs(neededBy: tag.digest, in: tag.repository))
            try await removeManifest(tag.digest, from: tag.repository)
            manifestCache.forget(tag.repository)
        }
        for digest in candidates where try await !metadata.isNamed(digest) {
            guard let blob = try await metadata.storedBlob(digest), !upstreams.uses.isRead(digest) else { continue }
            let evictable = EvictableBlob(digest: digest, size: blob.size, usedAt: 0)
            guard try await upstreams.space.evict(evictable, logger: logger) else { continue }
            eviction.blobs += 1
            eviction.bytes += blob.size
        }
        return eviction
    }

    /// Drops a manifest of a cache, and the images of an index with it: who needs one of them elsewhere fetches it again.
    private func removeManifest(_ digest: Digest, from repository: RepositoryName) async throws {
        if let stored = try await metadata.manifest(.digest(digest), in: repository),
            case .index(let index)? = try? Manifest(parsing: stored.bytes, contentType: stored.mediaType).content
        {
            for child in index.manifests { _ = try await metadata.removeManifest(child.digest, from: repository) }
        }
        _ = try await metadata.removeManifest(digest, from: repository)
    }

    /// The patterns of images, as `repository:tag`, that operators have pinned.
    package func cachePins() async throws -> [String] {
        try await metadata.cachePins()
    }

    package func pin(_ pattern: String) async throws {
        try await metadata.addCachePin(pattern)
    }

    /// - Returns: whether there was such a pin.
    package func unpin(_ pattern: String) async throws -> Bool {
        try await metadata.removeCachePin(pattern)
    }

    private func forEachCachedTag(_ body: (Upstream, CachedTagName) async throws -> Void) async throws {
        for upstream in upstreams?.all ?? [] {
            var last: CachedTagName?
            while true {
                let page = try await metadata.cachedTags(of: upstream.name, after: last, limit: Self.cachePageLength)
                for tag in page { try await body(upstream, tag) }
                guard page.count == Self.cachePageLength else { break }
                last = page.last
            }
        }
    }
}
