import ImageSpec

/// How the caches of upstreams do right now.
package struct CacheStatus: Sendable, Codable {
    package struct Download: Sendable, Codable {
        package let digest: String
        package let repositories: [String]
        /// In bytes, of the whole blob, and of what has come of it.
        package let size: Int64
        package let arrived: Int64
    }

    package struct Endpoint: Sendable, Codable {
        package let upstream: String
        package let name: String
        package let isTrusted: Bool
        /// Whether it is asked at all just now.
        package let isAvailable: Bool
        /// In bytes a second, over one connection; nil when nothing was measured yet.
        package let rate: Double?
        package let connections: Int
        package let failuresInARow: Int
        package let lastFailure: String?
    }

    /// In bytes; nil for none.
    package let limit: Int64?
    /// In bytes, of the blobs that only caches hold.
    package let blobBytes: Int64
    /// In bytes, of the manifests of caches.
    package let manifestBytes: Int64
    /// In bytes, of what is on its way, each blob whole.
    package let downloadBytes: Int64
    package let downloads: [Download]
    package let endpoints: [Endpoint]
    /// Since the server's start: see ``CacheCounters``.
    package let blobHits: Int
    package let blobJoins: Int
    package let blobMisses: Int
    package let manifestHits: Int
    package let manifestMisses: Int
    package let revalidations: Int
    package let unchanged: Int
    package let stale: Int
    package let failures: Int
    package let upstreamBytes: Int
    package let servedBytes: Int
    package let wrongBlobs: Int
    package let passedBlobs: Int
    package let evictedManifests: Int
    package let evictedBlobs: Int
    package let evictedBytes: Int
}

extension Upstreams {
    func status() async throws -> CacheStatus {
        let use = try await space.use()
        let now = ContinuousClock.now
        let endpoints = all.flatMap { upstream in
            upstream.sources.map { source in
                let record = source.current
                return CacheStatus.Endpoint(
                    upstream: upstream.name,
                    name: source.endpoint.name,
                    isTrusted: source.endpoint.isTrusted,
                    isAvailable: record.isAvailable(at: now),
                    rate: record.rate,
                    connections: record.connections,
                    failuresInARow: record.failuresInARow,
                    lastFailure: record.lastFailure?.reason
                )
            }
        }
        return CacheStatus(
            limit: space.limit,
            blobBytes: use.stored.blobBytes,
            manifestBytes: use.stored.manifestBytes,
            downloadBytes: use.downloads,
            downloads: downloads.progress.map {
                CacheStatus.Download(
                    digest: "\($0.digest)",
                    repositories: $0.repositories.map(\.rawValue),
                    size: $0.size,
                    arrived: $0.arrived
                )
            },
            endpoints: endpoints,
            blobHits: counters.blobHits.value,
            blobJoins: counters.blobJoins.value,
            blobMisses: counters.blobMisses.value,
            manifestHits: counters.manifestHits.value,
            manifestMisses: counters.manifestMisses.value,
            revalidations: counters.revalidations.value,
            unchanged: counters.unchanged.value,
            stale: counters.stale.value,
            failures: counters.failures.value,
            upstreamBytes: counters.upstreamBytes.value,
            servedBytes: counters.servedBytes.value,
            wrongBlobs: counters.wrongBlobs.value,
            passedBlobs: counters.passedBlobs.value,
            evictedManifests: counters.evictedManifests.value,
            evictedBlobs: counters.evictedBlobs.value,
            evictedBytes: counters.evictedBytes.value
        )
    }
}
