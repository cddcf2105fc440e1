import ImageSpec
import Logging
import Storage
import Synchronization

/// Fetches the blobs of images that were asked for before they are asked for themselves: their client is about to.
final class Prefetches: Sendable {
    /// How many images are fetched ahead at once; more come as they are asked for.
    private static let maximumCount = 64

    private let work = SharedWork<CachedManifestName, Void>()
    private let wholeImages = WholeImages()

    /// Begins to fetch what `manifest` names and isn't here: its config first, then its layers in their order, a few at a
    /// time.
    func begin(_ manifest: StoredManifest, for repository: CachedRepository, logger: Logger) {
        let width = repository.upstream.configuration.prefetch
        guard width > 0, work.count < Self.maximumCount else { return }
        let key = CachedManifestName(repository: repository.name, digest: manifest.digest)
        // An image that is pulled again and again must not cost a question for each of its layers.
        let evictionCount = repository.upstreams.counters.evictedBlobs.value
        guard !wholeImages.contains(key, evictionCount: evictionCount) else { return }
        work.begin(key) { [wholeImages] in
            let parsed = try Manifest(parsing: manifest.bytes, contentType: manifest.mediaType)
            guard case .image = parsed.content else { return }
            let blobs = NewManifest(parsed, digest: manifest.digest).references.map(\.digest)
            guard try await Self.fetch(blobs, width: width, for: repository, logger: logger) else { return }
            wholeImages.insert(key, evictionCount: evictionCount)
        }
    }

    /// Those that fail are asked for again by the client itself, who is told why.
    ///
    /// - Returns: whether all are here.
    private static func fetch(
        _ blobs: [Digest],
        width: Int,
        for repository: CachedRepository,
        logger: Logger
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var isWhole = true
            for (index, digest) in blobs.enumerated() {
                if index >= width, try await group.next() == false { isWhole = false }
                group.addTask {
                    if try await repository.metadata.blob(digest, in: repository.name) != nil { return true }
                    return (try? await repository.download(digest, logger: logger)?.download.stored()) != nil
                }
            }
            for try await isHere in group where !isHere { isWhole = false }
            return isWhole
        }
    }

    func end() async {
        await work.end()
    }
}
