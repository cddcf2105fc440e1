import Glibc
import ImageSpec
import SystemPackage

extension ImageStore {
    /// Makes an image of one layer from a folder or an archive.
    ///
    /// The layer is unpacked before the image is there, so an archive that can't be is refused.
    ///
    /// - Parameters:
    ///   - reference: the image's name; nil for none.
    ///   - created: RFC 3339.
    ///   - message: for the image's history.
    /// - Throws: ``ImageStoreError/notPacked(reason:)``, ``ImageStoreError/layerRefused(_:reason:)``, …
    package func importImage(
        from source: LayerPacker.Source,
        as reference: ImageReference?,
        platform: Platform,
        execution: ImageExecution,
        created: String,
        message: String?
    ) async throws -> LocalImage {
        guard reference?.digest == nil else {
            throw ImageSpecError.invalidReference("\(reference?.familiarName ?? "")", reason: "a digest can't be given")
        }
        let file = DurableFile.uniquePath(in: layout.temporaryFolder)
        defer { unlink(file.string) }
        let layer = try await LayerPacker().pack(source, into: file)
        let lease = try layout.lease(on: [layer.digest, layer.diffID])
        try await layers.unpack(blobAt: file, layer.digest, as: layer.diffID)

        var config = ImageConfig(platform: platform, execution: execution, diffIDs: [layer.diffID])
        config.created = created
        config.history = [ImageHistoryEntry(created: created, createdBy: "berth import", comment: message)]
        return try withExtendedLifetime(lease) {
            try add(config: config, layers: [(layer.descriptor, file)], as: reference)
        }
    }
}
