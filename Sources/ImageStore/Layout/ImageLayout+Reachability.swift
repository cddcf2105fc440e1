import ImageSpec

extension ImageLayout {
    /// How deep indexes may stand in indexes.
    private static let maximumDepth = 8

    /// The digests of all that `descriptor` needs, itself included: manifests, configs and layers, and the
    /// diff IDs of unpacked layers.
    ///
    /// What isn't in the store, or no manifest that is read here, needs nothing more. Documents are not checked
    /// against their digests: a rotten one must not keep others from being removed.
    func digestsNeeded(by descriptor: Descriptor) throws -> Set<Digest> {
        var needed: Set<Digest> = []
        try collect(descriptor, into: &needed, depth: 0)
        return needed
    }

    private func collect(_ descriptor: Descriptor, into needed: inout Set<Digest>, depth: Int) throws {
        guard depth < Self.maximumDepth, needed.insert(descriptor.digest).inserted else { return }
        guard
            MediaType.manifests.contains(descriptor.mediaType),
            let bytes = try bytesIfPresent(descriptor.digest),
            let manifest = try? Manifest(parsing: bytes, contentType: descriptor.mediaType)
        else { return }
        switch manifest.content {
        case .index(let index):
            for child in index.manifests { try collect(child, into: &needed, depth: depth + 1) }
        case .image(let image):
            needed.formUnion(image.layers.map(\.digest))
            needed.insert(image.config.digest)
            let config = try bytesIfPresent(image.config.digest).flatMap { try? ImageConfig(parsing: $0) }
            needed.formUnion(config?.diffIDs ?? [])
        }
    }

    private func bytesIfPresent(_ digest: Digest) throws(ImageStoreError) -> [UInt8]? {
        do {
            return try DurableFile.read(path(of: digest), limit: Self.maximumDocumentSize)
        } catch  where error.isNotFound {
            return nil
        }
    }
}
