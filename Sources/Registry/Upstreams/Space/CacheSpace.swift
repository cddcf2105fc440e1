import ImageSpec
import Logging
import Storage

/// Keeps what caches hold within its limit: room is made before a blob is fetched, by evicting what was not used longest.
///
/// What is on its way counts whole from its beginning, so the limit holds also when many come at once.
actor CacheSpace {
    /// How many blobs are looked at at once when room is made.
    private static let pageLength = 200

    /// In bytes; nil for none.
    let limit: Int64?
    private let metadata: any MetadataStore
    private let blobs: any BlobStore
    private let uses: UseLedger
    private let counters: CacheCounters
    /// What must stay, asked anew each time room is made.
    private let pinned: @Sendable () async throws -> Set<Digest>
    /// Of downloads under way, and of those that broke off and whose bytes are kept, in bytes.
    private var reserved: [Digest: Int64] = [:]
    /// Downloads that broke off, the first one first.
    private var idle: [Digest] = []
    private var last: Task<Void, Never>?

    init(
        limit: Int64?,
        metadata: any MetadataStore,
        blobs: any BlobStore,
        uses: UseLedger,
        counters: CacheCounters,
        pinned: @escaping @Sendable () async throws -> Set<Digest>
    ) {
        self.limit = limit
        self.metadata = metadata
        self.blobs = blobs
        self.uses = uses
        self.counters = counters
        self.pinned = pinned
    }

    /// Makes room for a blob of `size` bytes.
    ///
    /// - Throws: ``RegistryError/cacheFull(limit:)`` when what is there can't go.
    func reserve(_ size: Int64, for digest: Digest, logger: Logger) async throws {
        idle.removeAll { $0 == digest }
        // One after the other: two that make room at once would each count on the other's.
        let before = last
        let work = Task { () throws -> Void in
            await before?.value
            try await makeRoom(size, for: digest, logger: logger)
        }
        last = Task { _ = await work.result }
        try await work.value
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

    /// What is taken right now, in bytes: by blobs, and by downloads.
    func use() async throws -> (blobs: Int64, downloads: Int64) {
        (try await metadata.cacheTotals().bytes, reserved.values.reduce(0, +))
    }

    private func makeRoom(_ size: Int64, for digest: Digest, logger: Logger) async throws {
        guard let limit else {
            reserved[digest] = size
            return
        }
        reserved[digest] = nil
        guard size <= limit else { throw RegistryError.cacheFull(limit: limit) }
        if try await isOver(limit - size) {
            try await metadata.noteUse(of: uses.takeUses())
            while try await isOver(limit - size), let oldest = idle.first {
                release(oldest)
                try await blobs.discardDownload(oldest)
            }
            try await evict(downTo: limit - size, logger: logger)
        }
        guard try await !isOver(limit - size) else { throw RegistryError.cacheFull(limit: limit) }
        reserved[digest] = size
    }

    private func isOver(_ bytes: Int64) async throws -> Bool {
        let use = try await use()
        return use.blobs + use.downloads > bytes
    }

    private func evict(downTo bytes: Int64, logger: Logger) async throws {
        guard try await isOver(bytes) else { return }
        let pinned = try await pinned()
        var last: EvictableBlob?
        while true {
            let page = try await metadata.evictableBlobs(after: last, limit: Self.pageLength)
            for blob in page where !pinned.contains(blob.digest) && !uses.isRead(blob.digest) {
                guard try await isOver(bytes) else { return }
                try await evict(blob, logger: logger)
            }
            guard page.count == Self.pageLength else { return }
            last = page.last
        }
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
