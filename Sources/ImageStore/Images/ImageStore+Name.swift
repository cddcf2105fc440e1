import ImageSpec
import SystemPackage

extension ImageStore {
    /// Gives an image one more name; an image that had the name before loses it, but stays.
    package func tag(_ image: LocalImage, as reference: ImageReference) throws {
        guard reference.digest == nil else {
            throw ImageSpecError.invalidReference("\(reference)", reason: "a tag can't be given with a digest")
        }
        let lease = try lease(image)
        try withExtendedLifetime(lease) {
            let manifest = image.manifestDescriptor
            try name(manifest, as: reference, resolved: nil)
        }
    }

    /// Keeps an image's blobs and unpacked layers in the store while the lease lives.
    ///
    /// A container holds one for as long as it runs.
    ///
    /// - Throws: ``ImageStoreError/noSuchImage(_:)`` when it was removed since it was looked up.
    package func lease(_ image: LocalImage) throws -> ContentLease {
        let lease = try layout.lease(on: image.digestsNeeded)
        guard layout.contains(image.manifestDigest), layout.contains(image.id) else {
            throw ImageStoreError.noSuchImage(image.reference?.familiarName ?? "\(image.id)")
        }
        return lease
    }

    /// Puts an image made on this host into the store, under a name unless `reference` is nil.
    ///
    /// - Parameters:
    ///   - config: its diff IDs are those of `layers`, in order.
    ///   - layers: lowest first; each file is on the store's filesystem, has the content that its descriptor
    ///     says, and is moved away; nil for a blob that is in the store, and leased by the caller.
    package func add(
        config: ImageConfig,
        layers: [(descriptor: Descriptor, file: FilePath?)],
        as reference: ImageReference?
    ) throws -> LocalImage {
        let configBytes = try canonicalJSON(config)
        let configDescriptor = Descriptor(mediaType: .ociConfig, content: configBytes)
        let manifest = try Manifest(ImageManifest(config: configDescriptor, layers: layers.map(\.descriptor)))
        let lease = try layout.lease(
            on: [manifest.digest(), configDescriptor.digest] + layers.map(\.descriptor.digest) + config.diffIDs
        )
        try withExtendedLifetime(lease) {
            for layer in layers {
                if let file = layer.file { try layout.adopt(fileAt: file, as: layer.descriptor.digest) }
            }
            try layout.store(configBytes, as: configDescriptor.digest)
            try layout.store(manifest.bytes, as: manifest.digest())
            var descriptor = manifest.descriptor
            descriptor.platform = config.platform
            descriptor.annotations[LayoutEntry.madeHereAnnotation] = "true"
            if let reference {
                try name(descriptor, as: reference, resolved: nil)
            } else {
                try keep(descriptor)
            }
        }
        return try image(matching: reference?.description ?? "\(configDescriptor.digest)")
    }

    /// Lists `manifest`, whose content is stored and leased, without a name, unless it has one.
    func keep(_ manifest: Descriptor) throws {
        try name([NamedManifest(descriptor: manifest, names: [], resolved: nil)])
    }

    /// Lets `reference` name `manifest`, whose content is stored and leased.
    ///
    /// - Parameter resolved: the digest that the reference stands for at its registry, if another.
    func name(_ manifest: Descriptor, as reference: ImageReference, resolved: Digest?) throws {
        try name([NamedManifest(descriptor: manifest, names: [reference], resolved: resolved)])
    }

    /// Lists manifests, whose content is stored and leased, by their names, in one change of the index.
    func name(_ manifests: [NamedManifest]) throws {
        let manifests = manifests.map { manifest in
            var summarized = manifest
            summarized.descriptor = self.summarized(manifest.descriptor)
            return summarized
        }
        try layout.withLock(.exclusive) { lock in
            var index = try layout.index(lock)
            var naming = IndexNaming(index.entries)
            // One more name changes nothing of where a manifest came from.
            let madeHere = Set(index.entries.filter(\.isMadeHere).compactMap(\.manifestDigest))
            for var manifest in manifests {
                if madeHere.contains(manifest.descriptor.digest) {
                    manifest.descriptor.annotations[LayoutEntry.madeHereAnnotation] = "true"
                }
                try naming.add(manifest)
            }
            guard naming.hasChanged else { return }
            index.entries = naming.result
            try layout.replaceIndex(by: index, lock)
        }
    }
}

extension LocalImage {
    /// The manifest as an index names it: with its platform.
    package var manifestDescriptor: Descriptor {
        var descriptor = Descriptor(
            mediaType: manifest.mediaType,
            digest: manifestDigest,
            size: Int64(manifest.bytes.count)
        )
        descriptor.platform = config.platform
        return descriptor
    }
}
