import ImageSpec
import NIOPosix
import SystemPackage

extension ImageStore {
    /// Puts the images of an archive into the store: a docker archive or an image layout, by itself or compressed by
    /// gzip, zstd, bzip2 or xz.
    ///
    /// All that the archive says is proven before anything of it is named: blobs by their digests, layers by being
    /// unpacked.
    ///
    /// - Parameters:
    ///   - file: read to its end; may be a pipe.
    ///   - platform: what to take of an index; nil for this host's, or the only one.
    ///   - onLoaded: told of each image and its names, when it is in the store.
    /// - Throws: ``ImageStoreError/archiveRefused(reason:)``, ``ImageStoreError/layerRefused(_:reason:)``, …
    package func load(
        _ file: FileDescriptor,
        platform: Platform? = nil,
        limits: ImageArchiveLimits = ImageArchiveLimits(),
        onLoaded: (LoadedImage) -> Void
    ) async throws {
        let lease = try layout.lease(on: [])
        // The pool's thread may let go of it later than this returns.
        defer { lease.end() }
        let (archive, images) = try await NIOThreadPool.singleton.runIfActive {
            let archive = try SpooledArchive(file, for: layout, lease: lease, limits: limits)
            do {
                return (Unshared(archive), try ArchivedImages(of: archive, platform: platform, limits: limits).images)
            } catch {
                archive.discard()
                throw error
            }
        }
        defer { archive.value.discard() }
        var loaded: [ArchivedImage] = []
        var failure: (any Error)?
        for image in images {
            do {
                try await take(image, under: lease)
                loaded.append(image)
            } catch {
                failure = error
                break
            }
        }
        // In one change of the index, for each writes the whole of it; and what is whole stays when another isn't.
        try name(loaded.map { NamedManifest(descriptor: $0.descriptor, names: $0.names, resolved: $0.resolved) })
        for image in loaded { onLoaded(LoadedImage(id: image.content.config.digest, names: image.names)) }
        if let failure { throw failure }
    }

    private func take(_ image: ArchivedImage, under lease: ContentLease) async throws {
        try lease.hold(
            [image.digest, image.content.config.digest] + image.layers.map(\.digest) + image.config.diffIDs
        )
        try await unpackLayers(of: image)
        try store(image)
    }

    private func unpackLayers(of image: ArchivedImage) async throws {
        // What isn't compressed needs no unpacking to be proven, and isn't unpacked when the layer is here.
        for (layer, diffID) in zip(image.layers, image.config.diffIDs)
        where layer.layerType == .ociLayer && layer.digest.algorithm == diffID.algorithm && layer.digest != diffID {
            throw ImageStoreError.wrongContent(expected: diffID, actual: layer.digest)
        }
        for (layer, diffID) in zip(image.layers, image.config.diffIDs)
        where layer.digest != diffID || !layers.contains(diffID) {
            try await layers.unpack(blobAt: location(of: layer), layer.digest, as: diffID)
        }
    }

    /// An image before may have taken the file into the layout.
    private func location(of file: SpooledFile) throws -> FilePath {
        if layout.contains(file.digest) { return layout.path(of: file.digest) }
        guard let path = file.path else { throw ImageStoreError.missingBlob(file.digest) }
        return path
    }

    private func store(_ image: ArchivedImage) throws {
        for layer in image.layers where !layout.contains(layer.digest) {
            guard let path = layer.path else { throw ImageStoreError.missingBlob(layer.digest) }
            try layout.adopt(fileAt: path, as: layer.digest)
        }
        try layout.store(image.configBytes, as: image.content.config.digest)
        try layout.store(image.manifest.bytes, as: image.digest)
    }
}

/// Carries a value that only one task has from one thread to another.
private struct Unshared<Value>: @unchecked Sendable {
    // Made by one thread, and then used only by the task that waited for it.
    let value: Value

    init(_ value: Value) { self.value = value }
}
