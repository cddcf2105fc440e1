import ImageSpec
import RegistryClient
import SystemPackage

/// The layout or archive that a plan's images come from in place of their registries.
struct MirrorImport: Sendable {
    let name: String
    private let files: any LayoutFiles
    private let images: [ImageReference: Digest]

    /// - Throws: ``MirrorError``.
    init(from location: ImageLocation) throws {
        name = location.description
        files = try Self.files(of: location)
        guard let index = try files.file(LayoutNames.index) else {
            throw MirrorError.invalidFile(files.path, reason: "it has no index.json, so it is no image layout")
        }
        let document = try LayoutDocument(parsing: index.bytes(limit: LayoutDocument.maximumSize), at: files.path)
        var images: [ImageReference: Digest] = [:]
        for entry in document.descriptors {
            guard let name = entry.annotations[LayoutDocument.nameAnnotation], let image = try? ImageReference(name),
                image.description == name
            else { continue }
            images[image] = entry.digest
        }
        self.images = images
    }

    /// The files of a layout or archive.
    static func files(of location: ImageLocation) throws -> any LayoutFiles {
        switch location {
        case .layout(let path, nil): return FolderFiles(path: path)
        case .archive(let path, nil): return try TarFile(at: path)
        default:
            throw MirrorError.invalidLocation("\(location)", reason: "it should be oci:FOLDER or oci-archive:FILE")
        }
    }

    func repositories(of host: RegistryHost) -> [RepositoryName] {
        Set(images.keys.filter { $0.host == host }.map(\.repository)).sorted()
    }

    func tags(of repository: RepositoryName, at host: RegistryHost) -> [Tag] {
        images.keys.filter { $0.host == host && $0.repository == repository }.compactMap(\.tag)
    }

    func digest(of image: ImageReference) -> Digest? { images[image] }

    func source(of image: ImageReference) -> any ImageSource {
        ImportedImage(
            base: LayoutSource(files: files, image: .name(image.description), name: image.familiarName),
            archive: name
        )
    }
}

/// An image of an archive that may leave out what an earlier one has.
private struct ImportedImage: ImageSource {
    let base: LayoutSource
    let archive: String

    var name: String { base.name }
    func resolve() async throws -> ResolvedManifest { try await base.resolve() }
    func manifest(_ descriptor: Descriptor) async throws -> ResolvedManifest { try await base.manifest(descriptor) }
    func referrers(of subject: Digest) async throws -> [Descriptor] { try await base.referrers(of: subject) }

    func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)] {
        try await base.companions(of: digest)
    }

    func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent {
        guard try base.files.file(LayoutNames.blob(descriptor.digest)) != nil else {
            throw MirrorError.leftOut(descriptor.digest, archive: archive)
        }
        return try base.blob(descriptor, from: start)
    }
}
