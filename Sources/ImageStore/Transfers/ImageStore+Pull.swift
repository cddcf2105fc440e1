import ImageSpec
import RegistryClient

extension ImageStore {
    /// How many layers come or go at once unless it is said otherwise.
    package static let usualJobs = 4

    /// Fetches the image that `reference` names at its registry, and names it so here.
    ///
    /// Of an index only the manifest of one platform is fetched. What is here is not fetched again. Blobs are
    /// verified, flushed and in place before the name is.
    ///
    /// - Parameters:
    ///   - platform: the platform to take of an index; nil for this host's, and for a reference that names one
    ///     manifest, whatever that is for.
    ///   - jobs: how many layers come at once.
    ///   - onEvent: told of the progress, from several tasks at once.
    /// - Throws: ``RegistryClientError``; ``ImageStoreError``; ``ImageSpecError``.
    package func pull(
        _ reference: ImageReference,
        platform: Platform? = nil,
        from client: RegistryClient,
        jobs: Int = ImageStore.usualJobs,
        onEvent: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) async throws -> PullResult {
        let resolved = try await client.manifest(reference.manifestReference, in: reference.repository)
        onEvent(.resolved(resolved.digest))
        let chosen = try await choose(platform, of: resolved, reference, from: client)
        let content = try Self.imageContent(of: chosen, reference)
        let before = try? image(reference)

        let blobs = [content.config.digest] + content.layers.map(\.digest)
        let lease = try layout.lease(on: [chosen.digest] + blobs)
        let config = try await fetchConfig(content, of: reference, from: client)
        try Self.check(config, fits: content, platform: platform, reference)
        try lease.hold(config.diffIDs)
        let layers = zip(content.layers, config.diffIDs).map { PulledLayer(descriptor: $0, diffID: $1) }
        try await fetchLayers(layers, of: reference.repository, from: client, jobs: jobs, onEvent: onEvent)

        try layout.store(chosen.manifest.bytes, as: chosen.digest)
        var descriptor = chosen.descriptor
        descriptor.platform = config.platform
        try name(descriptor, as: reference, resolved: resolved.digest)
        guard let image = try withExtendedLifetime(lease, { try image(reference) }) else {
            throw ImageStoreError.noSuchImage(reference.familiarName)
        }
        let wasUpToDate = before?.manifestDigest == chosen.digest && before?.resolvedDigest == resolved.digest
        return PullResult(image: image, wasUpToDate: wasUpToDate)
    }

    /// The manifest itself, or the one in an index for `platform`.
    private func choose(
        _ platform: Platform?,
        of resolved: ResolvedManifest,
        _ reference: ImageReference,
        from client: RegistryClient
    ) async throws -> ResolvedManifest {
        guard case .index(let index) = resolved.manifest.content else { return resolved }
        guard let child = index.manifest(for: platform ?? .host) else {
            throw ImageStoreError.noManifestForPlatform(
                reference,
                platform ?? .host,
                available: index.manifests.compactMap(\.platform).filter { $0.os != "unknown" }
            )
        }
        return try await client.manifest(.digest(child.digest), in: reference.repository)
    }

    private static func imageContent(
        of resolved: ResolvedManifest,
        _ reference: ImageReference
    ) throws -> ImageManifest {
        guard case .image(let content) = resolved.manifest.content else {
            throw ImageStoreError.notAnImage(reference.familiarName, reason: "it is an index of indexes")
        }
        guard [.ociConfig, .dockerConfig].contains(content.config.mediaType), content.artifactType == nil else {
            let type = content.artifactType ?? content.config.mediaType
            throw ImageStoreError.notAnImage(reference.familiarName, reason: "it is an artifact of type \(type)")
        }
        return content
    }

    private func fetchConfig(
        _ content: ImageManifest,
        of reference: ImageReference,
        from client: RegistryClient
    ) async throws -> ImageConfig {
        guard content.config.size <= ImageLayout.maximumDocumentSize else {
            throw ImageStoreError.notAnImage(
                reference.familiarName,
                reason: "its config has \(content.config.size) bytes, more than the "
                    + "\(ImageLayout.maximumDocumentSize) that are read"
            )
        }
        try await fetch(content.config, of: reference.repository, from: client)
        return try ImageConfig(parsing: layout.document(content.config.digest))
    }

    private static func check(
        _ config: ImageConfig,
        fits content: ImageManifest,
        platform: Platform?,
        _ reference: ImageReference
    ) throws {
        guard config.diffIDs.count == content.layers.count else {
            throw ImageStoreError.notAnImage(
                reference.familiarName,
                reason: "its manifest has \(content.layers.count) layers, its config \(config.diffIDs.count) diff IDs"
            )
        }
        guard let platform, !config.platform.runs(on: platform) else { return }
        throw ImageStoreError.noManifestForPlatform(reference, platform, available: [config.platform])
    }

    /// Fetches and unpacks: each layer is unpacked while it comes.
    private func fetchLayers(
        _ layers: [PulledLayer],
        of repository: RepositoryName,
        from client: RegistryClient,
        jobs: Int,
        onEvent: @escaping @Sendable (PullEvent) -> Void
    ) async throws {
        onEvent(.layers(layers.map(\.descriptor)))
        var seen: Set<Digest> = []
        let distinct = layers.filter { seen.insert($0.descriptor.digest).inserted }
        try await distinct.concurrentForEach(atMost: jobs) { layer in
            let descriptor = layer.descriptor
            guard !layout.contains(descriptor.digest) else {
                try await unpack(descriptor.digest, as: layer.diffID)
                return onEvent(.layer(descriptor, .alreadyHere))
            }
            let feed = BlobFeed()
            async let unpacking = unpack(feed, of: descriptor, as: layer.diffID)
            try await fetch(descriptor, of: repository, from: client, feeding: feed) {
                onEvent(.layer(descriptor, .downloading($0)))
            }
            onEvent(.layer(descriptor, .downloaded))
            if try await !unpacking { try await unpack(descriptor.digest, as: layer.diffID) }
            onEvent(.layer(descriptor, .unpacked))
        }
    }

    /// A layer as the manifest names it, and what it is when unpacked.
    private struct PulledLayer: Sendable {
        let descriptor: Descriptor
        let diffID: Digest
    }
}
