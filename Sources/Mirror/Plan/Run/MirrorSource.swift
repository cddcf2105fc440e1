import ImageSpec
import RegistryClient

/// An image of a plan in its registry.
///
/// What the destination has is not asked for at the source: registries count pulls, and only the destination is ours.
struct MirrorSource: ImageSource {
    let image: RegistryImage
    /// What the tag stands for, once that is known.
    let digest: Digest?
    /// Where manifests are looked for before; nil for nowhere.
    let destination: RegistryImage?
    /// The repository's tags, where they are known: cosign's are among them or not there.
    let tags: Set<Tag>?
    let traffic: Traffic?

    var name: String { image.name }

    var mountSource: (host: RegistryHost, repository: RepositoryName)? { image.mountSource }

    func resolve() async throws -> ResolvedManifest {
        guard let digest else { return try await image.resolve() }
        return try await manifest(digest)
    }

    func manifest(_ descriptor: Descriptor) async throws -> ResolvedManifest { try await manifest(descriptor.digest) }

    private func manifest(_ digest: Digest) async throws -> ResolvedManifest {
        if let destination {
            do {
                return try await destination.client.manifest(.digest(digest), in: destination.repository)
            } catch let error as RegistryClientError where error.isNotFound {}
        }
        return try await image.client.manifest(.digest(digest), in: image.repository)
    }

    func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent {
        let content = try image.blob(descriptor, from: start)
        guard let traffic, traffic.limits.bytesPerSecond != nil, case .registry(let bytes) = content else {
            return content
        }
        return .paced(bytes, traffic)
    }

    func referrers(of subject: Digest) async throws -> [Descriptor] { try await image.referrers(of: subject) }

    func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)] {
        if let tags, tags.isDisjoint(with: digest.companionTags) { return [] }
        return try await image.companions(of: digest)
    }
}
