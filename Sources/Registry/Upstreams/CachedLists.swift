import ImageSpec
import RegistryClient
import Synchronization

/// Lists that upstreams gave lately: their repositories' tags, and the referrers of manifests.
final class CachedLists: Sendable {
    enum Name: Hashable, Sendable {
        case tags(RepositoryName)
        case referrers(RepositoryName, Digest)
    }

    enum List: Sendable {
        /// In the order of their bytes.
        case tags([Tag])
        case referrers([Descriptor])

        var count: Int {
            switch self {
            case .tags(let tags): tags.count
            case .referrers(let referrers): referrers.count
            }
        }
    }

    private struct Kept {
        /// Nil: the upstream has no such thing.
        let list: List?
        let until: ContinuousClock.Instant
    }

    private struct State {
        var lists: [Name: Kept] = [:]
        var entryCount = 0
    }

    /// How many tags and referrers are remembered in all; when there are more, all are forgotten.
    private static let maximumEntries = 2_000_000
    private static let maximumLists = 50_000

    private let state = Mutex(State())
    private let work = SharedWork<Name, List?>()

    /// The list as it was given in the last `ttl`, or what `ask` gives, which is run once for all who want it.
    ///
    /// - Returns: nil when the upstream has no such thing.
    func list(
        _ name: Name,
        ttl: Duration,
        orAsk ask: @escaping @Sendable () async throws -> List?
    ) async throws -> List? {
        if let kept = state.withLock({ $0.lists[name] }), kept.until > .now { return kept.list }
        return try await work.value(for: name) { [self] in
            let list = try await ask()
            keep(list, as: name, for: ttl)
            return list
        } ?? nil
    }

    /// The list as it was given last, however long ago.
    func outdated(_ name: Name) -> List? {
        state.withLock { $0.lists[name]?.list }
    }

    private func keep(_ list: List?, as name: Name, for ttl: Duration) {
        state.withLock { state in
            state.entryCount -= state.lists.removeValue(forKey: name)?.list?.count ?? 0
            let count = list?.count ?? 0
            if state.entryCount + count > Self.maximumEntries || state.lists.count >= Self.maximumLists {
                state = State()
            }
            state.lists[name] = Kept(list: list, until: .now + ttl)
            state.entryCount += count
        }
    }

    func end() async {
        await work.end()
    }
}
