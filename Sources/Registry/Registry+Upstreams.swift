import Storage

extension Registry {
    /// Whether there are registries that are cached here.
    package var hasUpstreams: Bool { upstreams != nil }

    /// Whether there are some that decide themselves who may read what is cached of them.
    package var hasJudgingUpstreams: Bool {
        upstreams?.all.contains { $0.configuration.authorization == .upstream } ?? false
    }

    /// How the caches do right now; nil when there are none.
    package func cacheStatus() async throws -> CacheStatus? {
        try await upstreams?.status()
    }

    /// Goes on with the downloads that broke off when the process before ended.
    package func resumeDownloads() async throws {
        try await upstreams?.resumeDownloads(from: blobs)
    }

    /// Writes down which cached blobs were read lately, so that those are kept that are used.
    package func noteCacheUses() async throws {
        try await upstreams?.noteUses()
    }

    /// Ends all that is under way for caches; downloads go on in the next process.
    package func closeUpstreams() async {
        await upstreams?.close()
    }
}
