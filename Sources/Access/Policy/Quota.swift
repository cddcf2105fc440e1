import ImageSpec

/// How much the repositories of a namespace may hold together.
package struct Quota: Sendable, Hashable {
    /// The repository of this name and all below it; nil for the whole registry.
    package let namespace: RepositoryName?
    /// Of blobs, each counted once in the namespace; nil for any number.
    package let bytes: Int64?
    package let repositories: Int?

    package init(namespace: RepositoryName?, bytes: Int64?, repositories: Int?) {
        self.namespace = namespace
        self.bytes = bytes
        self.repositories = repositories
    }
}
