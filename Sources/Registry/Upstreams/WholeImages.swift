import Storage
import Synchronization

/// Which images of caches were found to have all their blobs here.
///
/// It is good until a blob is evicted, whichever: then all are forgotten, and looked up again when they are asked for.
final class WholeImages: Sendable {
    private struct State {
        var images: Set<CachedManifestName> = []
        /// How many blobs had been evicted when these were looked up.
        var evictionCount = 0
    }

    /// When there are more, all are forgotten.
    private static let maximumCount = 10_000

    private let state = Mutex(State())

    func contains(_ image: CachedManifestName, evictionCount: Int) -> Bool {
        state.withLock { $0.evictionCount == evictionCount && $0.images.contains(image) }
    }

    /// - Parameter evictionCount: how many had been evicted before it was looked up.
    func insert(_ image: CachedManifestName, evictionCount: Int) {
        state.withLock { state in
            guard evictionCount >= state.evictionCount else { return }
            if evictionCount > state.evictionCount || state.images.count >= Self.maximumCount { state.images = [] }
            state.evictionCount = evictionCount
            state.images.insert(image)
        }
    }
}
