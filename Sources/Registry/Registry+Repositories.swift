import ImageSpec

extension Registry {
    /// A page of the repositories that hold a manifest and that the caller may read.
    ///
    /// What was emptied, or only ever had uploads, is no repository to anyone who looks for images.
    ///
    /// - Parameters:
    ///   - last: the repository behind which the page begins.
    ///   - count: how long the page may be; the configured maximum bounds it.
    /// - Returns: the names in the order of their bytes, and whether more follow.
    package func repositories(
        after last: RepositoryName?,
        count: Int?,
        as caller: Caller
    ) async throws -> (names: [RepositoryName], hasMore: Bool) {
        let count = min(count ?? .max, configuration.maximumPageLength)
        var listed: [RepositoryName] = []
        var last = last
        while listed.count <= count {
            let names = try await metadata.repositories(after: last, limit: count + 1)
            for name in names where mayRead(name, as: caller) {
                if try await isListed(name) { listed.append(name) }
            }
            guard names.count > count else { break }
            last = names.last
        }
        return (Array(listed.prefix(count)), listed.count > count)
    }

    /// The repository that a client means, who may know it by another name: that of the upstream that it is cached from.
    ///
    /// - Parameters:
    ///   - name: as in the request's path.
    ///   - namespace: containerd's `ns`: which registry the request is about; nil when the client doesn't say.
    ///   - isRead: whether it is read only: who writes means what they say.
    package func repository(
        _ name: RepositoryName,
        namespace: String?,
        isRead: Bool
    ) async throws -> RepositoryName {
        try await upstreams?.repository(name, namespace: namespace, isRead: isRead) ?? name
    }

    /// Holds what is about to be written to, and so made, to the bound on names, and keeps caches as their upstreams are.
    ///
    /// - Throws: ``RegistryError/repositoryNameTooLong(limit:)``, ``RegistryError/repositoryIsCache(_:upstream:)``.
    func checkWritable(_ repository: RepositoryName) async throws {
        guard repository.rawValue.utf8.count <= configuration.maximumNameLength else {
            throw RegistryError.repositoryNameTooLong(limit: configuration.maximumNameLength)
        }
        if let cached = try await upstreams?.cachedRepository(repository) {
            throw RegistryError.repositoryIsCache(repository, upstream: cached.upstream.name)
        }
    }
}
