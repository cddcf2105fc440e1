import ImageSpec

/// Where a blob is to go: what an upload session is remembered by.
package struct UploadTarget: Sendable, Hashable {
    package let registry: RegistryHost
    package let repository: RepositoryName
    package let digest: Digest

    package init(registry: RegistryHost, repository: RepositoryName, digest: Digest) {
        self.registry = registry
        self.repository = repository
        self.digest = digest
    }
}
