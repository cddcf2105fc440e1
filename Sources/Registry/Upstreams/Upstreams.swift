import ImageSpec
import Logging
import RegistryClient
import Storage
import Synchronization

/// The registries whose repositories are cached, and all that is under way for them.
package final class Upstreams: Sendable {
    /// The longest prefix first: it wins.
    let all: [Upstream]
    private let byName: [String: Upstream]
    /// Whose repositories clients mean that name one which isn't here.
    private let defaultUpstream: Upstream?
    package let counters = CacheCounters()
    let downloads: BlobDownloads
    let space: CacheSpace
    let uses: UseLedger
    let tags: CachedTags
    let manifests = SharedWork<CachedManifestName, StoredManifest?>()
    let lists: CachedLists
    let prefetches: Prefetches
    let authorization = UpstreamAuthorization()
    let logger: Logger
    private let metadata: any MetadataStore
    /// Which repositories below a prefix are known to be caches, and which not.
    private let origins = Mutex<[RepositoryName: Bool]>([:])
    private static let maximumOrigins = 100_000

    /// - Throws: ``RegistryClientError`` for an endpoint that can't be used as it is configured.
    init(
        _ configurations: [UpstreamConfiguration],
        defaultUpstream: String?,
        cacheSize: Int64?,
        metadata: any MetadataStore,
        blobs: any BlobStore,
        freeSpace: FreeSpace,
        manifestCache: ManifestCache,
        logger: Logger
    ) throws {
        let upstreams = try configurations.map { try Upstream($0, logger: logger) }
            .sorted { $0.configuration.prefix.utf8.count > $1.configuration.prefix.utf8.count }
        all = upstreams
        let byName = Dictionary(upstreams.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.byName = byName
        self.defaultUpstream = defaultUpstream.flatMap { byName[$0] }
        self.metadata = metadata
        self.logger = logger
        uses = UseLedger()
        let tags = CachedTags()
        self.tags = tags
        space = CacheSpace(
            limit: cacheSize,
            metadata: metadata,
            blobs: blobs,
            uses: uses,
            counters: counters,
            pinned: { try await PinnedContent(metadata: metadata).digests(of: upstreams) },
            onEviction: { manifest, eviction in
                for tag in eviction.tags { tags.forget(tag, in: manifest.repository) }
                manifestCache.forget(manifest.repository)
            }
        )
        downloads = BlobDownloads(
            metadata: metadata,
            blobs: blobs,
            space: space,
            freeSpace: freeSpace,
            counters: counters
        )
        lists = CachedLists()
        prefetches = Prefetches()
    }

    /// The repository that a client means.
    ///
    /// - Parameters:
    ///   - name: as in the request's path.
    ///   - namespace: containerd's `ns`: the registry that it asks a mirror of.
    ///   - isRead: whether it only wants to read: who writes means what they say.
    func repository(
        _ name: RepositoryName,
        namespace: String?,
        isRead: Bool
    ) async throws -> RepositoryName {
        if let namespace, let upstream = byName[namespace], upstream.remoteName(of: name) == nil {
            return upstream.localName(of: name) ?? name
        }
        guard isRead, let defaultUpstream, upstream(of: name) == nil, let local = defaultUpstream.localName(of: name)
        else { return name }
        return try await metadata.origin(of: name) == nil ? local : name
    }

    /// The cached repository with this name; nil when the name belongs to no upstream, or what is there was pushed.
    func cachedRepository(_ name: RepositoryName) async throws -> CachedRepository? {
        guard let (upstream, remote) = upstream(of: name) else { return nil }
        guard try await isCache(name, of: upstream) else { return nil }
        return CachedRepository(name: name, remote: remote, upstream: upstream, upstreams: self, metadata: metadata)
    }

    private func upstream(of name: RepositoryName) -> (Upstream, remote: RepositoryName)? {
        for upstream in all {
            if let remote = upstream.remoteName(of: name) { return (upstream, remote) }
        }
        return nil
    }

    private func isCache(_ name: RepositoryName, of upstream: Upstream) async throws -> Bool {
        if let known = origins.withLock({ $0[name] }) { return known }
        switch try await metadata.origin(of: name) {
        // Nothing was ever fetched: it needs no row before something is.
        case nil: return true
        case .cache: remember(name, isCache: true)
        case .local:
            logger.warning(
                "a repository was pushed to that has the name of one of an upstream; it is not cached",
                metadata: ["repository": "\(name)", "upstream": "\(upstream.name)"]
            )
            remember(name, isCache: false)
        }
        return origins.withLock { $0[name] ?? true }
    }

    /// Makes the repository a cache, before something is kept in it.
    ///
    /// - Returns: whether it is one: a repository that was pushed to meanwhile stays what it is.
    func adopt(_ name: RepositoryName, for upstream: Upstream) async throws -> Bool {
        if let known = origins.withLock({ $0[name] }) { return known }
        let isCache = try await metadata.makeCache(name, of: upstream.name)
        remember(name, isCache: isCache)
        return isCache
    }

    private func remember(_ name: RepositoryName, isCache: Bool) {
        origins.withLock { origins in
            if origins.count >= Self.maximumOrigins { origins.removeAll() }
            origins[name] = isCache
        }
    }

    /// Goes on with the downloads that broke off when the process before ended.
    func resumeDownloads(from blobs: any BlobStore) async throws {
        for stored in try await blobs.downloads() {
            guard
                let progress = stored.progress.flatMap({ DownloadProgress($0) }),
                let name = try? RepositoryName(progress.repository),
                let repository = try await cachedRepository(name)
            else {
                try await blobs.discardDownload(stored.digest)
                continue
            }
            await space.keep(stored.digest, byteCount: progress.size)
            logger.info(
                "a download goes on",
                metadata: ["digest": "\(stored.digest)", "repository": "\(name)", "size": "\(progress.size)"]
            )
            _ = try downloads.download(
                stored.digest,
                size: progress.size,
                for: name,
                as: repository.remote,
                of: repository.upstream,
                logger: logger
            )
        }
    }

    /// Writes down what was read lately.
    func noteUses() async throws {
        let recent = uses.takeUses()
        try await metadata.noteUse(of: recent.blobs, and: recent.manifests)
    }

    /// Ends all that is under way; downloads go on in the next process.
    func close() async {
        await prefetches.end()
        await authorization.end()
        await tags.end()
        await manifests.end()
        await lists.end()
        await downloads.end()
        try? await noteUses()
        for upstream in all { await upstream.close() }
    }
}
