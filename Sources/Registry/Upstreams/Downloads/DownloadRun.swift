import ImageSpec
import Logging
import RegistryClient
import Storage

/// Fetches what a download lacks, over as many connections and from as many endpoints as help, until all is proven.
struct DownloadRun: Sendable {
    let download: BlobDownload
    let partial: PartialBlob
    /// For whom it is fetched.
    let repository: RepositoryName
    /// What that is called at the upstream.
    let remote: RepositoryName
    let upstream: Upstream
    let policy: DownloadPolicy
    let freeSpace: FreeSpace
    let counters: CacheCounters
    let logger: Logger

    enum Event: Sendable {
        /// A connection has ended, well or not.
        case ended(assignment: Int, source: Int, failure: (any Error)?)
        /// Time has passed.
        case tick
        case hashed(Digest)
    }

    /// - Throws: why it can't be had; what came stays beside the blobs, and the next one goes on with it.
    func run() async throws {
        var isTrusting = false
        while true {
            let actual = try await fetchAll(trustedOnly: isTrusting)
            if actual == download.digest { break }
            counters.wrongBlobs.add()
            let sources = download.read { $0.plan.origins.filter { !$0.value.isEmpty }.keys.sorted() }
            logger.warning(
                "what came for a blob has another digest",
                metadata: [
                    "digest": "\(download.digest)", "actual": "\(actual)",
                    "endpoints": "\(sources.map { upstream.sources[$0].endpoint.name })",
                ]
            )
            let wrong = RegistryClientError.wrongContent(
                url: "\(upstream.name)/\(remote)",
                expected: download.digest,
                actual: actual
            )
            guard !isTrusting else { throw wrong }
            if sources.count == 1 { upstream.sources[sources[0]].update { $0.failed(wrong, at: .now) } }
            isTrusting = true
            download.update { state in
                state.round += 1
                state.suspects = sources.count > 1 ? state.plan.origins : [:]
                state.plan = DownloadPlan(size: download.size)
            }
        }
        download.update { $0.phase = .proven }
    }

    /// Fetches all that is missing.
    ///
    /// - Returns: the digest of all bytes.
    private func fetchAll(trustedOnly: Bool) async throws -> Digest {
        try await withThrowingTaskGroup(of: Event.self) { group in
            defer { group.cancelAll() }
            group.addTask { .hashed(try await hashAll()) }
            group.addTask { try await tick() }
            var schedule = DownloadSchedule(run: self, trustedOnly: trustedOnly)
            schedule.fill(&group)
            var lastProgress = (count: download.read { $0.plan.present.count }, time: ContinuousClock.now)
            while let event = try await group.next() {
                switch event {
                case .hashed(let digest): return digest
                case .ended(let id, let source, let failure): try schedule.ended(id, source, failure)
                case .tick:
                    group.addTask { try await tick() }
                    schedule.endStalled()
                }
                let count = download.read { $0.plan.present.count }
                if count > lastProgress.count { lastProgress = (count, .now) }
                schedule.fill(&group)
                guard ContinuousClock.now - lastProgress.time < policy.patience else { throw schedule.failure }
            }
            throw CancellationError()
        }
    }

    private func tick() async throws -> Event {
        try await Task.sleep(for: .milliseconds(200))
        return .tick
    }

    /// Hashes the bytes in their order, as far as they are here, until all are.
    private func hashAll() async throws -> Digest {
        var hasher = DigestHasher(download.digest.algorithm)
        var offset: Int64 = 0
        while offset < download.size {
            let start = offset
            try await download.wait { $0.plan.available(from: start) > start }
            let end = min(download.read { $0.plan.available(from: start) }, start + (1 << 20))
            hasher = try await partial.hash(start..<end, into: hasher)
            offset = end
        }
        return hasher.finalize()
    }
}
