import ImageSpec
import RegistryClient

extension ImageStore {
    /// Sends the image that `reference` names here to its registry: what the registry lacks, then the manifest, byte
    /// for byte as it is here.
    ///
    /// - Parameters:
    ///   - foreignLayers: whether foreign layers are sent too, which most often may not be distributed.
    ///   - onEvent: told of the progress, from several tasks at once.
    /// - Returns: the manifest's descriptor.
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/missingBlob(_:)``; ``RegistryClientError``.
    package func push(
        _ reference: ImageReference,
        to client: RegistryClient,
        jobs: Int = ImageStore.usualJobs,
        foreignLayers: Bool = false,
        onEvent: @escaping @Sendable (PushEvent) -> Void = { _ in }
    ) async throws -> Descriptor {
        guard let named = try image(reference) else { throw ImageStoreError.noSuchImage(reference.familiarName) }
        let image = try await compressed(named)
        let lease = try lease(image)
        defer { withExtendedLifetime(lease) {} }
        let sources = try mountSources(for: reference)
        let sessions = try UploadSessionFolder(uploadsFolder)
        sessions.removeOld()

        var seen: Set<Digest> = []
        let layers = image.content.layers.filter { seen.insert($0.digest).inserted }
        onEvent(.layers(layers))
        try await layers.concurrentForEach(atMost: jobs) { layer in
            guard foreignLayers || !layer.mediaType.isNonDistributable else {
                return onEvent(.layer(layer, .skipped))
            }
            let source = sources[layer.digest]
            let push = try await push(layer, to: reference, by: client, mountingFrom: source, sessions) {
                onEvent(.layer(layer, .uploading($0)))
            }
            onEvent(.layer(layer, .done(push)))
        }
        let config = image.content.config
        _ = try await push(config, to: reference, by: client, mountingFrom: sources[config.digest], sessions)
        try await client.push(image.manifest, as: reference.manifestReference, to: reference.repository)
        try noteSent(image.manifestDigest, as: reference)
        return image.manifestDescriptor
    }

    private func push(
        _ blob: Descriptor,
        to reference: ImageReference,
        by client: RegistryClient,
        mountingFrom source: RepositoryName?,
        _ sessions: UploadSessionFolder,
        onBytes: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> BlobPush {
        let path = layout.path(of: blob.digest)
        do {
            return try await client.push(
                blob,
                to: reference.repository,
                mountingFrom: source,
                remembering: sessions,
                onBytes: onBytes
            ) { FileBytes(path: path, start: $0) }
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
