import Glibc
import ImageSpec
import NIOPosix
import SystemPackage

extension ImageStore {
    /// Makes an image of a container: its image's layers, and one of what the container did to their files.
    ///
    /// The layer is unpacked before the image is there, so that it runs at once.
    ///
    /// - Parameters:
    ///   - tree: the container's files.
    ///   - excluded: the paths of the writable layer, from its root, that don't belong into an image.
    ///   - base: the container's image.
    ///   - reference: the image's name; nil for none.
    ///   - standingStill: runs what it is given, which reads the files, while nothing changes them.
    /// - Throws: ``TreeFailure``, ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/missingBlob(_:)``, …
    package func commit(
        _ tree: ContainerTree,
        excluding excluded: [String],
        onto base: LocalImage,
        as reference: ImageReference?,
        _ commit: ContainerCommit,
        standingStill: @escaping @Sendable (() throws -> PackedLayer) throws -> PackedLayer = { try $0() }
    ) async throws -> LocalImage {
        guard reference?.digest == nil else {
            throw ImageSpecError.invalidReference("\(reference?.familiarName ?? "")", reason: "a digest can't be given")
        }
        let baseLease = try lease(base)
        defer { withExtendedLifetime(baseLease) {} }
        for layer in base.content.layers where !layout.contains(layer.digest) {
            throw ImageStoreError.missingBlob(layer.digest)
        }
        let file = DurableFile.uniquePath(in: layout.temporaryFolder)
        defer { unlink(file.string) }
        // One thread from beginning to end: the process that reads the files lives no longer than the one it had.
        let layer = try await NIOThreadPool.singleton.runIfActive {
            try standingStill {
                try tree.pack(excluding: excluded) { archive in
                    try LayerPacker().packAtOnce(.archive(archive), into: file)
                }
            }
        }
        let lease = try layout.lease(on: [layer.digest, layer.diffID])
        defer { withExtendedLifetime(lease) {} }
        try await layers.unpack(blobAt: file, layer.digest, as: layer.diffID)

        var config = base.config
        config.execution = commit.execution
        config.created = commit.created
        config.author = commit.author
        config.diffIDs.append(layer.diffID)
        var entry = ImageHistoryEntry(created: commit.created, createdBy: commit.command, comment: commit.message)
        entry.author = commit.author
        config.history.append(entry)
        let layers: [(descriptor: Descriptor, file: FilePath?)] =
            base.content.layers.map { ($0.asOCILayer, nil) } + [(layer.descriptor, file)]
        return try add(config: config, layers: layers, as: reference)
    }
}

extension Descriptor {
    /// The same layer as an OCI manifest names it.
    fileprivate var asOCILayer: Descriptor {
        let types = [
            "application/vnd.docker.image.rootfs.diff.tar": MediaType.ociLayer,
            "application/vnd.docker.image.rootfs.diff.tar.gzip": .ociLayerGzip,
            "application/vnd.docker.image.rootfs.diff.tar.zstd": .ociLayerZstd,
        ]
        var layer = self
        layer.mediaType = types[mediaType.rawValue] ?? mediaType
        return layer
    }
}
