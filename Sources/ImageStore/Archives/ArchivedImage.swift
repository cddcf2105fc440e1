import ImageSpec

/// One image that an archive holds.
struct ArchivedImage: Sendable {
    let digest: Digest
    /// Its exact bytes, as they stand in the archive, or made of a docker archive's list.
    let manifest: Manifest
    let content: ImageManifest
    let configBytes: [UInt8]
    let config: ImageConfig
    /// Where the layers' bytes are, the lowest first.
    let layers: [SpooledFile]
    var names: [ImageReference]
    /// The digest of the index that the image was chosen from; nil when there was none.
    let resolved: Digest?
    /// Whether the manifest is none of the archive's.
    var isMadeHere = false

    init(
        _ manifest: Manifest,
        _ content: ImageManifest,
        configBytes: [UInt8],
        layers: [SpooledFile],
        resolved: Digest?
    ) throws {
        digest = manifest.digest()
        self.manifest = manifest
        self.content = content
        self.configBytes = configBytes
        config = try ImageConfig(parsing: configBytes)
        self.layers = layers
        names = []
        self.resolved = resolved
        guard config.diffIDs.count == layers.count else {
            throw ImageStoreError.archiveRefused(
                reason: "an image has \(layers.count) layers, but \(config.diffIDs.count) diff IDs"
            )
        }
    }

    /// The manifest as an index names it: with its platform.
    var descriptor: Descriptor {
        var descriptor = manifest.descriptor
        descriptor.platform = config.platform
        if isMadeHere { descriptor.annotations[LayoutEntry.madeHereAnnotation] = "true" }
        return descriptor
    }
}
