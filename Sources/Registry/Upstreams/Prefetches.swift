import ImageSpec
import Logging
import Storage
import Synchronization

/// Fetches the blobs of images that were asked for before they are asked for themselves: their client is about to.
final class Prefetches: Sendable {
    /// How many images are fetched ahead at once; more come as they are asked for.
    private static let maximumCount = 64

    private let work = SharedWork<Upstreams.ManifestKey, Void>()

    /// Begins to fetch what `manifest` names and isn't here: its config first, then its layers in their order, a few at a
    /// time.
    func begin(_ manifest: StoredManifest, for repository: CachedRepository, logger: Logger) {
        let width = repository.upstream.configuration.prefetch
        guard width > 0, work.count < Self.maximumCount else { return }
        let key = Upstreams.ManifestKey(repository: repository.name, digest: manifest.digest)
        work.begin(key) {
            let parsed = try Manifest(parsing: manifest.bytes, contentType: manifest.mediaType)
            guard case .image = parsed.content else { return }
            let blobs = NewManifest(parsed, digest: manifest.digest).references.map(\.digest)
            try await Self.fetch(blobs, width: width, for: repository, logger: logger)
        }
    }

    /// Those that fail are asked for again by the client itself, who is told why.
    private static func fetch(
        _ blobs: [Digest],
        width: Int,
        for repository: CachedRepository,
        logger: Logger
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, digest) in blobs.enumerated() {
                if index >= width { try await group.next() }
                group.addTask {
                    guard try await repository.metadata.blob(digest, in: repository.name) == nil else { return }
                    _ = try? await repository.download(digest, logger: logger)?.download.stored()
                }
            }
            try await group.waitForAll()
        }
    }

    func end() async {
        await work.end()
    }
}
