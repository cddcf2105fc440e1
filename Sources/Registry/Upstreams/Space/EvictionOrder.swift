import Storage

/// What caches could do without, the longest unused first: a manifest before the blobs that were used with it.
struct EvictionOrder {
    enum Candidate {
        case blob(EvictableBlob)
        case manifest(EvictableManifest)
    }

    /// How many of each are looked at at once.
    private static let pageLength = 200

    private let metadata: any MetadataStore
    private var blobs: [EvictableBlob] = []
    private var manifests: [EvictableManifest] = []
    private var lastBlob: EvictableBlob?
    private var lastManifest: EvictableManifest?
    private var hasMoreBlobs = true
    private var hasMoreManifests = true

    init(of metadata: any MetadataStore) {
        self.metadata = metadata
    }

    mutating func next() async throws -> Candidate? {
        try await fill()
        guard let manifest = manifests.last else { return blobs.popLast().map { .blob($0) } }
        if let blob = blobs.last, blob.usedAt < manifest.usedAt {
            blobs.removeLast()
            return .blob(blob)
        }
        manifests.removeLast()
        return .manifest(manifest)
    }

    private mutating func fill() async throws {
        if blobs.isEmpty, hasMoreBlobs {
            let page = try await metadata.evictableBlobs(after: lastBlob, limit: Self.pageLength)
            hasMoreBlobs = page.count == Self.pageLength
            lastBlob = page.last
            blobs = page.reversed()
        }
        if manifests.isEmpty, hasMoreManifests {
            let page = try await metadata.evictableManifests(after: lastManifest, limit: Self.pageLength)
            hasMoreManifests = page.count == Self.pageLength
            lastManifest = page.last
            manifests = page.reversed()
        }
    }
}
