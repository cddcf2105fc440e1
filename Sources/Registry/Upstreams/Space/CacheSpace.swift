import ImageSpec
import Logging
import Storage

/// Keeps what caches hold within its limit: room is made before a blob is fetched, by evicting what was not used longest.
///
/// What is on its way counts whole from its beginning, so the limit holds also when many come at once.
actor CacheSpace {
    /// In bytes; nil for none.
    let limit: Int64?
    private let metadata: any MetadataStore
    private let blobs: any BlobStore
    private let uses: UseLedger
    private let counters: CacheCounters
    /// What must stay, asked anew each time room is made.
    private let pinned: @Sendable () async throws -> Set<Digest>
    /// Told of each manifest that is no more here.
    private let onEviction: @Sendable (CachedManifestName, ManifestEviction) -> Void
    /// Of downloads under way, and of those that broke off and whose bytes are kept, in bytes.
    private var reserved: [Digest: Int64] = [:]
    /// Of manifests that are being stored, in bytes.
    private var reservedForManifests: Int64 = 0
    /// Downloads that broke off, the first one first.
    private var idle: [Digest] = []
    private var last: Task<Void, Never>?

    init(
        limit: Int64?,
        metadata: any MetadataStore,
        blobs: any BlobStore,
        uses: UseLedger,
        counters: CacheCounters,
        pinned: @escaping @Sendable () async throws -> Set<Digest>,
        onEviction: @escaping @Sendable (CachedManifestName, ManifestEviction) -> Void
    ) {
        self.limit = limit
        self.metadata = metadata
        self.blobs = blobs
        self.uses = uses
        self.counters = counters
        self.pinned = pinned
        self.onEviction = onEviction
    }

    /// Makes room for a blob of `size` bytes.
    ///
    /// - Throws: ``RegistryError/cacheFull(limit:)`` when what is there can't go.
    func reserve(_ size: Int64, for digest: Digest, logger: Logger) async throws {
        idle.removeAll { $0 == digest }
        try await inTurn { space in
            space.reserved[digest] = nil
            try await space.makeRoom(for: size, logger: logger)
            space.reserved[digest] = size
        }
    }

    /// Runs `store`, which stores a manifest of `size` bytes, when there is room for it.
    ///
    /// - Returns: whether it did; not when what is there can't go.
    func withRoom(
        for size: Int64,
        logger: Logger,
        _ store: @Sendable () async throws -> Void
    ) async throws -> Bool {
        do {
            try await inTurn { space in
                try await space.makeRoom(for: size, logger: logger)
                space.reservedForManifests += size
            }
        } catch let error as RegistryError where error.isCacheFull {
            return false
        }
        defer { reservedForManifests -= size }
        try await store()
        return true
    }

    /// One after the other: two that make room at once would each count on the other's.
    private func inTurn<Result: Sendable>(
        _ body: @escaping @Sendable (isolated CacheSpace) async throws -> Result
    ) async throws -> Result {
        let before = last
        let work = Task { () throws -> Result in
            await before?.value
            return try await body(self)
        }
        last = Task { _ = await work.result }
        return try await work.value
    }

    /// A download has ended well: its bytes are a blob's now, or gone.
    func release(_ digest: Digest) {
        reserved[digest] = nil
        idle.removeAll { $0 == digest }
    }

    /// A download has broken off, and what came of it stays until its room is needed.
    func keep(_ digest: Digest, byteCount: Int64) {
        reserved[digest] = byteCount
        if !idle.contains(digest) { idle.append(digest) }
    }

    /// What is taken right now: by what is stored, and, in bytes, by downloads.
    func use() async throws -> (stored: CacheTotals, downloads: Int64) {
        (try await metadata.cacheTotals(), reserved.values.reduce(0, +))
    }

    private func makeRoom(for size: Int64, logger: Logger) async throws {
        guard let limit else { return }
        // What is on its way can't go, so nothing else need go for what won't find room beside it.
        let onTheWay = reserved.filter { !idle.contains($0.key) }.values.reduce(reservedForManifests, +)
        guard size <= limit - onTheWay else { throw RegistryError.cacheFull(limit: limit) }
        guard try await isOver(limit - size) else { return }
        let recent = uses.takeUses()
        try await metadata.noteUse(of: recent.blobs, and: recent.manifests)
        while try await isOver(limit - size), let oldest = idle.first {
            release(oldest)
            try await blobs.discardDownload(oldest)
        }
        guard try await evict(downTo: limit - size, logger: logger) else { throw RegistryError.cacheFull(limit: limit) }
    }

    private func isOver(_ bytes: Int64) async throws -> Bool {
        let use = try await use()
        return use.stored.bytes + use.downloads + reservedForManifests > bytes
    }

    /// - Returns: whether no more than `bytes` are left.
    private func evict(downTo bytes: Int64, logger: Logger) async throws -> Bool {
        guard try await isOver(bytes) else { return true }
        let pinned = try await pinned()
        var order = EvictionOrder(of: metadata)
        while try await isOver(bytes) {
            switch try await nextUnpinned(of: &order, pinned) {
            case nil: return false
            case .blob(let blob): try await evict(blob, logger: logger)
            case .manifest(let manifest):
                for orphan in try await evict(manifest, logger: logger) where !uses.isRead(orphan.digest) {
                    guard try await isOver(bytes) else { return true }
                    try await evict(orphan, logger: logger)
                }
            }
        }
        return true
    }

    private func nextUnpinned(of order: inout EvictionOrder, _ pinned: Set<Digest>) async throws
        -> EvictionOrder.Candidate?
    {
        while let candidate = try await order.next() {
            switch candidate {
            case .blob(let blob) where pinned.contains(blob.digest) || uses.isRead(blob.digest): continue
            case .manifest(let manifest) where pinned.contains(manifest.name.digest): continue
            default: return candidate
            }
        }
        return nil
    }

    /// Drops one manifest of a cache.
    ///
    /// - Returns: the blobs that only it needed, which are next.
    private func evict(_ manifest: EvictableManifest, logger: Logger) async throws -> [EvictableBlob] {
        guard let eviction = try await metadata.evict(manifest.name) else { return [] }
        onEviction(manifest.name, eviction)
        counters.evictedManifests.add()
        counters.evictedBytes.add(Int(manifest.size))
        logger.info(
            "a cached manifest was evicted",
            metadata: [
                "repository": "\(manifest.name.repository)", "digest": "\(manifest.name.digest)",
                "tags": "\(eviction.tags.map(\.rawValue).joined(separator: " "))",
            ]
        )
        return eviction.orphans
    }

    /// Drops one blob that only caches hold; nothing happens when that isn't so any more.
    ///
    /// - Returns: whether it did.
    @discardableResult
    func evict(_ blob: EvictableBlob, logger: Logger) async throws -> Bool {
        // The row first: what is without one is litter, should the rest fail.
        guard let location = try await metadata.evict(blob.digest) else { return false }
        counters.evictedBlobs.add()
        counters.evictedBytes.add(Int(blob.size))
        logger.info("a cached blob was evicted", metadata: ["digest": "\(blob.digest)", "bytes": "\(blob.size)"])
        try await blobs.remove(location)
        return true
    }
}
