import ImageSpec
import Logging
import RegistryClient
import Storage
import Synchronization

/// The downloads under way: one for each blob.
final class BlobDownloads: Sendable {
    private struct Running {
        let download: BlobDownload
        let task: Task<Void, Never>
        /// The cached repositories that the blob is for.
        var repositories: Set<RepositoryName>
    }

    private struct State {
        var running: [Digest: Running] = [:]
        var isEnded = false
    }

    let policy: DownloadPolicy
    private let metadata: any MetadataStore
    private let blobs: any BlobStore
    private let space: CacheSpace
    private let freeSpace: FreeSpace
    private let counters: CacheCounters
    private let state = Mutex(State())

    init(
        metadata: any MetadataStore,
        blobs: any BlobStore,
        space: CacheSpace,
        freeSpace: FreeSpace,
        counters: CacheCounters,
        policy: DownloadPolicy = DownloadPolicy()
    ) {
        self.metadata = metadata
        self.blobs = blobs
        self.space = space
        self.freeSpace = freeSpace
        self.counters = counters
        self.policy = policy
    }

    /// Those under way: how many bytes each has, and how many of them are here.
    var progress: [(digest: Digest, size: Int64, arrived: Int64, repositories: [RepositoryName])] {
        state.withLock { $0.running.values.map { ($0.download, $0.repositories) } }.map { download, repositories in
            (download.digest, download.size, download.read { $0.plan.present.count }, repositories.sorted())
        }
    }

    /// The download of a blob for `repository`, begun when there is none.
    ///
    /// Whoever joins one of another repository must have made sure that their own upstream has the blob, too.
    ///
    /// - Returns: the download, and whether it was begun just now.
    func download(
        _ digest: Digest,
        size: Int64,
        for repository: RepositoryName,
        as remote: RepositoryName,
        of upstream: Upstream,
        logger: Logger
    ) throws -> (download: BlobDownload, isNew: Bool) {
        try state.withLock { state in
            if let running = state.running[digest] {
                state.running[digest]?.repositories.insert(repository)
                return (running.download, false)
            }
            guard !state.isEnded else { throw CancellationError() }
            let download = BlobDownload(digest, size: size)
            let task = Task {
                await run(download, for: repository, as: remote, of: upstream, logger: logger)
            }
            state.running[digest] = Running(download: download, task: task, repositories: [repository])
            return (download, true)
        }
    }

    /// The repositories that the running download of a blob is for; empty when there is none.
    func repositories(waitingFor digest: Digest) -> Set<RepositoryName> {
        state.withLock { $0.running[digest]?.repositories ?? [] }
    }

    /// Ends all that are under way; what came stays for the next process. Nothing is begun after.
    func end() async {
        let tasks = state.withLock { state in
            state.isEnded = true
            return state.running.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func run(
        _ download: BlobDownload,
        for repository: RepositoryName,
        as remote: RepositoryName,
        of upstream: Upstream,
        logger: Logger
    ) async {
        do {
            let blob = try await fetch(download, for: repository, as: remote, of: upstream, logger: logger)
            download.update { $0.phase = .stored(blob) }
        } catch {
            if !(error is CancellationError) {
                logger.warning(
                    "a download has failed",
                    metadata: [
                        "digest": "\(download.digest)", "repository": "\(repository)", "error": "\(error)",
                        "arrived": "\(download.read { $0.plan.present.count })", "size": "\(download.size)",
                    ]
                )
            }
            await clean(download, after: error)
            state.withLock { $0.running[download.digest] = nil }
            download.update { $0.phase = .failed(error) }
        }
    }

    /// What came of a download that broke off stays, unless it is of no use.
    private func clean(_ download: BlobDownload, after error: any Error) async {
        let arrived = download.read { $0.plan.present.count }
        var isUseless = (error as? RegistryClientError)?.isWrongContent ?? false
        // A crash of the machine may have taken what was noted to be here.
        if case StorageError.bytesLost = error { isUseless = true }
        if arrived > 0, !isUseless {
            await space.keep(download.digest, byteCount: download.size)
        } else {
            try? await blobs.discardDownload(download.digest)
            await space.release(download.digest)
        }
    }

    private func fetch(
        _ download: BlobDownload,
        for repository: RepositoryName,
        as remote: RepositoryName,
        of upstream: Upstream,
        logger: Logger
    ) async throws -> StoredBlob {
        // The one before may have ended just now.
        if let blob = try await metadata.blob(download.digest, in: repository),
            try await blobs.size(of: blob.location) == blob.size
        {
            return try await finish(download, with: blob)
        }
        if let blob = try await stored(download, upstream, remote) { return try await finish(download, with: blob) }
        try await space.reserve(download.size, for: download.digest, logger: logger)
        let partial = try await blobs.openDownload(download.digest, size: download.size)
        let before = try await partial.progress().flatMap { DownloadProgress($0) }
        download.update { state in
            state.partial = partial
            state.plan = DownloadPlan(
                size: download.size,
                present: before?.present(of: download.size) ?? ByteRangeSet()
            )
            state.phase = .fetching
        }
        let run = DownloadRun(
            download: download,
            partial: partial,
            repository: repository,
            remote: remote,
            upstream: upstream,
            policy: policy,
            freeSpace: freeSpace,
            counters: counters,
            logger: logger
        )
        try await run.run()
        return try await store(download, partial)
    }

    /// A blob that is stored for another repository, when this one's upstream has it, too: a digest alone must not open
    /// what lies in a private repository.
    private func stored(
        _ download: BlobDownload,
        _ upstream: Upstream,
        _ remote: RepositoryName
    ) async throws -> StoredBlob? {
        guard let blob = try await metadata.storedBlob(download.digest), blob.size == download.size,
            try await blobs.size(of: blob.location) == blob.size
        else { return nil }
        let size = try await upstream.ask(trusted: false) { client in
            try await client.blobSize(download.digest, in: remote)
        }
        return size == blob.size ? blob : nil
    }

    private func store(_ download: BlobDownload, _ partial: PartialBlob) async throws -> StoredBlob {
        let blob = StoredBlob(
            digest: download.digest,
            size: download.size,
            location: try await blobs.storeDownload(partial)
        )
        let winner = try await finish(download, with: blob)
        if winner.location != blob.location { try await blobs.remove(blob.location) }
        return winner
    }

    /// Makes the blob known to all repositories that want it; who comes later finds it stored.
    private func finish(_ download: BlobDownload, with blob: StoredBlob) async throws -> StoredBlob {
        var winner = blob
        var done: Set<RepositoryName> = []
        while true {
            let next = state.withLock { state -> RepositoryName? in
                let rest = state.running[download.digest]?.repositories.subtracting(done) ?? []
                if rest.isEmpty { state.running[download.digest] = nil }
                return rest.first
            }
            guard let next else { break }
            winner = try await metadata.addBlob(blob, to: next, ending: nil)
            if winner.location != blob.location, try await blobs.size(of: winner.location) != winner.size,
                try await metadata.moveBlob(blob.digest, from: winner.location, to: blob.location)
            {
                // What was stored before has been lost.
                winner = blob
            }
            done.insert(next)
        }
        await space.release(download.digest)
        return winner
    }
}
