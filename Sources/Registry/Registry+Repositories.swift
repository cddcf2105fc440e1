import ImageSpec

extension Registry {
    /// A page of the repositories that hold a manifest.
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
        let names = try await metadata.repositories(after: last, limit: count + 1)
        return (Array(names.prefix(count)), names.count > count)
    }

    /// Holds what is about to be written to, and so made, to the bound on names.
    ///
    /// - Throws: ``RegistryError/repositoryNameTooLong(limit:)``.
    func checkNew(_ repository: RepositoryName) throws(RegistryError) {
        guard repository.rawValue.utf8.count <= configuration.maximumNameLength else {
            throw .repositoryNameTooLong(limit: configuration.maximumNameLength)
        }
    }
}
