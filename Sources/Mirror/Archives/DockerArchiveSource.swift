import ImageSpec
import RegistryClient
import SystemPackage

/// An image in an archive as `docker save` writes it.
///
/// Such an archive has no manifest by a registry's rules, so one is made: always the same for the same archive. Layers
/// are copied as they are, compressed or not.
struct DockerArchiveSource: ImageSource {
    /// In bytes.
    private static let maximumDocumentSize = 4 << 20

    let name: String
    private let root: ResolvedManifest
    private let blobs: [Digest: FileSlice]

    /// - Parameter image: nil for the only one.
    init(archive: TarFile, image: ImageReference?, name: String) throws {
        self.name = name
        let item = try Self.item(named: image, in: archive, name)
        let configFile = try Self.file(item.config, in: archive)
        let configBytes = try configFile.bytes(limit: Self.maximumDocumentSize)
        let config = try ImageConfig(parsing: configBytes)
        guard config.diffIDs.count == item.layers.count else {
            throw MirrorError.invalidFile(
                archive.path,
                reason: "the image has \(item.layers.count) layers, its config \(config.diffIDs.count) diff IDs"
            )
        }
        let configDescriptor = Descriptor(mediaType: .ociConfig, content: configBytes)
        var blobs = [configDescriptor.digest: configFile]
        var layers: [Descriptor] = []
        for (layerName, diffID) in zip(item.layers, config.diffIDs) {
            let file = try Self.file(layerName, in: archive)
            let layer = try Self.describe(file, diffID: diffID)
            blobs[layer.digest] = file
            layers.append(layer)
        }
        let manifest = try Manifest(ImageManifest(config: configDescriptor, layers: layers))
        root = ResolvedManifest(manifest: manifest, digest: manifest.digest())
        self.blobs = blobs
    }

    func resolve() -> ResolvedManifest { root }

    func manifest(_ descriptor: Descriptor) throws -> ResolvedManifest {
        guard descriptor.digest == root.digest else {
            throw MirrorError.notFound("manifest \(descriptor.digest)", in: name)
        }
        return root
    }

    func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent {
        guard let file = blobs[descriptor.digest] else {
            throw MirrorError.notFound("blob \(descriptor.digest)", in: name)
        }
        return .file(FileBlob(slice: file, digest: descriptor.digest, start: start))
    }

    private static func item(
        named image: ImageReference?,
        in archive: TarFile,
        _ name: String
    ) throws -> DockerArchiveItem {
        let document = try file(DockerArchiveItem.document, in: archive).bytes(limit: maximumDocumentSize)
        guard let items = try? ForeignJSON.decode([DockerArchiveItem].self, from: document) else {
            throw MirrorError.invalidFile(archive.path, reason: "its manifest.json is no list of images")
        }
        guard let image else {
            guard let first = items.first else { throw MirrorError.notFound("image", in: name) }
            guard items.count == 1 else {
                throw MirrorError.ambiguous(name, names: items.flatMap { $0.repoTags ?? [] })
            }
            return first
        }
        let found = items.first { $0.repoTags?.contains { (try? ImageReference($0)) == image } == true }
        guard let found else { throw MirrorError.notFound("image '\(image.familiarName)'", in: name) }
        return found
    }

    private static func file(_ name: String, in archive: TarFile) throws -> FileSlice {
        guard let file = try archive.file(name) else {
            throw MirrorError.invalidFile(archive.path, reason: "it has no file '\(name)', so it is no docker archive")
        }
        return file
    }

    /// A plain layer is named by its diff ID; a compressed one has to be read for its digest.
    private static func describe(_ file: FileSlice, diffID: Digest) throws -> Descriptor {
        let start = try FileSlice(file: file.file, offset: file.offset, size: min(file.size, 4)).bytes(limit: 4)
        let mediaType: MediaType
        if start.starts(with: [0x1f, 0x8b]) {
            mediaType = .ociLayerGzip
        } else if start == [0x28, 0xb5, 0x2f, 0xfd] {
            mediaType = .ociLayerZstd
        } else {
            return Descriptor(mediaType: .ociLayer, digest: diffID, size: file.size)
        }
        return Descriptor(mediaType: mediaType, digest: try digest(of: file), size: file.size)
    }

    private static func digest(of file: FileSlice) throws -> Digest {
        var hasher = DigestHasher(.sha256)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var position: Int64 = 0
        while position < file.size {
            let wanted = Int(min(Int64(buffer.count), file.size - position))
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
            let count = try file.file.read(at: file.offset + position, into: room)
            guard count == wanted else { throw MirrorError.invalidFile(file.file.path, reason: "it ends early") }
            hasher.update(UnsafeRawBufferPointer(room))
            position += Int64(count)
        }
        return hasher.finalize()
    }
}
