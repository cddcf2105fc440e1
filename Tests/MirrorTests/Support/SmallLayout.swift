import Foundation
import ImageSpec
import SystemPackage

/// A folder with an image layout in it, `oci`, of one small image, `x`; it goes when nobody holds it.
final class SmallLayout: Sendable {
    let folder: FilePath
    let manifest: Manifest

    var name: String { "oci:\(folder)/oci:x" }

    init() throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path)
            .appending("berth-mirror-\(UInt64.random(in: 0 ... .max))")
        let layer = Descriptor(mediaType: .ociLayer, content: Self.layer)
        let config = try canonicalJSON(ImageConfig(platform: .host, diffIDs: [layer.digest]))
        let configDescriptor = Descriptor(mediaType: .ociConfig, content: config)
        manifest = try Manifest(ImageManifest(config: configDescriptor, layers: [layer]))
        self.folder = folder
        let blobs = folder.appending("oci/blobs/sha256")
        try FileManager.default.createDirectory(atPath: blobs.string, withIntermediateDirectories: true)
        for bytes in [Self.layer, config, manifest.bytes] {
            try Data(bytes).write(to: URL(fileURLWithPath: blobs.appending(Digest.of(bytes).hex).string))
        }
        var entry = manifest.descriptor
        entry.annotations["org.opencontainers.image.ref.name"] = "x"
        let index = try canonicalJSON(ImageIndex(manifests: [entry]))
        try Data(index).write(to: URL(fileURLWithPath: folder.appending("oci/index.json").string))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder.string)
    }

    private static let layer = [UInt8](repeating: 0, count: 1500)
}
