import ImageSpec
import RegistryClient

extension ImageStore {
    /// How many blobs go at once.
    private static let concurrentUploads = 4

    /// Sends the image that `reference` names here to its registry: what the registry lacks, then the manifest, byte
    /// for byte as it is here.
    ///
    /// - Parameter onEvent: told of the progress, from several tasks at once.
    /// - Returns: the manifest's descriptor.
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/missingBlob(_:)``; ``RegistryClientError``.
    package func push(
        _ reference: ImageReference,
        to client: RegistryClient,
        onEvent: @escaping @Sendable (PushEvent) -> Void = { _ in }
    ) async throws -> Descriptor {
        guard let image = try image(reference) else { throw ImageStoreError.noSuchImage(reference.familiarName) }
        let lease = try lease(image)
        defer { withExtendedLifetime(lease) {} }
        let sources = try mountSources(for: reference)

        var seen: Set<Digest> = []
        let layers = image.content.layers.filter {
            !$0.mediaType.isNonDistributable && seen.insert($0.digest).inserted
        }
        onEvent(.layers(layers))
        try await layers.concurrentForEach(atMost: Self.concurrentUploads) { layer in
            let push = try await push(layer, to: reference.repository, by: client, mountingFrom: sources[layer.digest])
            onEvent(.layer(layer, push))
        }
        let config = image.content.config
        _ = try await push(config, to: reference.repository, by: client, mountingFrom: sources[config.digest])
        try await client.push(image.manifest, as: reference.manifestReference, to: reference.repository)
        return image.manifestDescriptor
    }

    private func push(
        _ blob: Descriptor,
        to repository: RepositoryName,
        by client: RegistryClient,
        mountingFrom source: RepositoryName?
    ) async throws -> BlobPush {
        do {
            return try await client.push(
                blob,
                to: repository,
                mountingFrom: source,
                content: FileBytes(path: layout.path(of: blob.digest))
            )
        } catch let error as ImageStoreError where error.isNotFound {
            throw ImageStoreError.missingBlob(blob.digest)
        }
    }

    /// The blobs that another repository of the same registry had, as far as is known here: the images that were
    /// pulled from it or pushed to it.
    private func mountSources(for reference: ImageReference) throws -> [Digest: RepositoryName] {
        var sources: [Digest: RepositoryName] = [:]
        for image in try images() {
            guard
                let other = image.reference, other.host == reference.host, other.repository != reference.repository
            else { continue }
            for blob in image.content.layers + [image.content.config] { sources[blob.digest] = other.repository }
        }
        return sources
    }
}
