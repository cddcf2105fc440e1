import ImageSpec

/// One image of a docker archive's `manifest.json`.
///
/// - SeeAlso: moby's "Image Specification v1.2", "Combined Image JSON + Filesystem Changeset Format".
struct DockerArchiveEntry: Sendable, Codable {
    /// The name of the config's file.
    let config: String
    /// `repository:tag` each.
    let names: [String]?
    /// The names of the layers' files, the lowest first.
    let layers: [String]?

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case names = "RepoTags"
        case layers = "Layers"
    }
}

extension ArchivedImages {
    static let dockerList = "manifest.json"

    /// The images of an archive as docker has written it since 2016.
    ///
    /// There is no manifest in it: one is made, of the layers as they lie there.
    mutating func readDockerList(_ bytes: [UInt8]) throws {
        let entries: [DockerArchiveEntry]
        do {
            entries = try ForeignJSON.decode([DockerArchiveEntry].self, from: bytes)
        } catch {
            throw ImageStoreError.archiveRefused(reason: "its \(Self.dockerList) can't be read")
        }
        guard entries.count <= limits.images else {
            throw ImageStoreError.archiveRefused(reason: "it holds more than \(limits.images) images")
        }
        for entry in entries { try add(image(entry), named: entry.names.map(references) ?? []) }
    }

    private func image(_ entry: DockerArchiveEntry) throws -> ArchivedImage {
        let configFile = try present(entry.config)
        let bytes = try archive.bytes(of: configFile)
        let layers = try (entry.layers ?? []).map(present)
        let content = ImageManifest(
            config: Descriptor(mediaType: .ociConfig, content: bytes),
            layers: layers.map { Descriptor(mediaType: $0.layerType, digest: $0.digest, size: $0.size) }
        )
        var image = try ArchivedImage(Manifest(content), content, configBytes: bytes, layers: layers, resolved: nil)
        image.isMadeHere = true
        return image
    }

    private func references(_ names: [String]) throws -> [ImageReference] {
        try names.map { try ImageReference($0) }
    }

    private func present(_ name: String) throws -> SpooledFile {
        guard let file = try archive.file(name) else {
            throw ImageStoreError.archiveRefused(reason: "it lacks '\(name)', which its \(Self.dockerList) names")
        }
        return file
    }
}
