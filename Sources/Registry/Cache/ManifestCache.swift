import ImageSpec
import Storage
import Synchronization

/// The manifests that were asked for lately, by tag and by digest, so that most pulls need no database.
///
/// Never older than what was acknowledged: whoever changes a repository calls ``forget(_:)`` before the caller hears
/// of it, and a read that began before that is not kept. Bounded by its manifests' bytes.
final class ManifestCache: Sendable {
    private static let versionCount = 256
    /// What one manifest costs besides its bytes, in bytes: its keys and the tables' slots, roughly.
    private static let entryOverhead = 512

    private typealias Entries = [RepositoryName: [ManifestReference: StoredManifest]]

    /// Two generations stand in for an order of use: what is asked for moves to the young one, and when that is full
    /// it becomes the old one, whose entries go.
    private struct State {
        var young: Entries = [:]
        var old: Entries = [:]
        var youngSize = 0
        /// How often the repositories that share a slot were changed.
        var versions = [UInt64](repeating: 0, count: versionCount)
    }

    private let generationSize: Int
    private let state = Mutex(State())
    private let hitCount = Atomic<Int>(0)
    private let missCount = Atomic<Int>(0)

    /// - Parameter size: how much memory to take, in bytes; 0 keeps nothing.
    init(size: Int) {
        generationSize = size / 2
    }

    var hits: Int { hitCount.load(ordering: .relaxed) }
    var misses: Int { missCount.load(ordering: .relaxed) }

    /// The manifest that `reference` names: the kept one, or what `read` finds.
    func manifest(
        _ reference: ManifestReference,
        in repository: RepositoryName,
        orRead read: () async throws -> StoredManifest?
    ) async throws -> StoredManifest? {
        let slot = Self.slot(of: repository)
        let (kept, version) = state.withLock { (find(reference, in: repository, &$0), $0.versions[slot]) }
        if let kept {
            hitCount.add(1, ordering: .relaxed)
            return kept
        }
        missCount.add(1, ordering: .relaxed)
        guard let manifest = try await read() else { return nil }
        state.withLock { state in
            guard state.versions[slot] == version else { return }
            keep(manifest, as: reference, in: repository, &state)
        }
        return manifest
    }

    /// Forgets what is kept of `repository`, and what is being read of it now.
    func forget(_ repository: RepositoryName) {
        state.withLock { state in
            state.versions[Self.slot(of: repository)] &+= 1
            state.old[repository] = nil
            for manifest in state.young.removeValue(forKey: repository)?.values ?? [:].values {
                state.youngSize -= Self.size(of: manifest)
            }
        }
    }

    private func find(
        _ reference: ManifestReference,
        in repository: RepositoryName,
        _ state: inout State
    ) -> StoredManifest? {
        if let manifest = state.young[repository]?[reference] { return manifest }
        guard let manifest = state.old[repository]?[reference] else { return nil }
        keep(manifest, as: reference, in: repository, &state)
        return manifest
    }

    private func keep(
        _ manifest: StoredManifest,
        as reference: ManifestReference,
        in repository: RepositoryName,
        _ state: inout State
    ) {
        let size = Self.size(of: manifest)
        guard size <= generationSize else { return }
        if state.youngSize + size > generationSize {
            state.old = state.young
            state.young = [:]
            state.youngSize = 0
        }
        // Two who missed it at once both come to keep it.
        guard state.young[repository, default: [:]].updateValue(manifest, forKey: reference) == nil else { return }
        state.youngSize += size
    }

    private static func size(of manifest: StoredManifest) -> Int { manifest.bytes.count + entryOverhead }

    private static func slot(of repository: RepositoryName) -> Int {
        Int(truncatingIfNeeded: UInt(bitPattern: repository.hashValue) % UInt(versionCount))
    }
}
