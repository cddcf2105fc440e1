import ImageSpec
import RegistryClient

/// A place that an image is copied from.
package protocol ImageSource: Sendable {
    /// For messages.
    var name: String { get }

    /// The repository of a registry that blobs may be mounted from; nil where there is none.
    var mountSource: (host: RegistryHost, repository: RepositoryName)? { get }

    /// The manifest that the place's name stands for, its digest proven.
    func resolve() async throws -> ResolvedManifest

    /// A manifest that another one names, its digest proven.
    func manifest(_ descriptor: Descriptor) async throws -> ResolvedManifest

    /// A blob's bytes from one on. From the first on, the last of them come only once the digest is proven; who skips
    /// some proves it himself.
    func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent

    /// The manifests that have this one for their subject.
    func referrers(of subject: Digest) async throws -> [Descriptor]

    /// What belongs to a manifest by its own name only: cosign's tags.
    func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)]
}

extension ImageSource {
    /// All of a blob's bytes.
    func blob(_ descriptor: Descriptor) throws -> BlobContent { try blob(descriptor, from: 0) }

    package var mountSource: (host: RegistryHost, repository: RepositoryName)? { nil }
    package func referrers(of subject: Digest) async throws -> [Descriptor] { [] }
    package func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)] { [] }
}
