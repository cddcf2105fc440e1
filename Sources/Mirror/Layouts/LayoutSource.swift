import ImageSpec
import RegistryClient

/// An image in an image layout, be that a folder or an archive.
struct LayoutSource: ImageSource {
    /// The largest manifest that is read, in bytes.
    private static let maximumManifestSize = 4 << 20

    let files: any LayoutFiles
    /// Nil for the only one.
    let image: LayoutName?
    let name: String

    func resolve() async throws -> ResolvedManifest {
        try read(document().descriptor(of: image, in: name))
    }

    func manifest(_ descriptor: Descriptor) async throws -> ResolvedManifest {
        try read(descriptor)
    }

    func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent {
        guard let file = try files.file(LayoutNames.blob(descriptor.digest)) else {
            throw MirrorError.notFound("blob \(descriptor.digest)", in: name)
        }
        guard file.size == descriptor.size else {
            throw MirrorError.invalidFile(
                file.file.path,
                reason: "\(descriptor.digest) has \(file.size) bytes instead of \(descriptor.size)"
            )
        }
        return .file(FileBlob(slice: file, digest: descriptor.digest, start: start))
    }

    /// In a layout, referrers are entries of `index.json` or of the index that stands for the list of them.
    func referrers(of subject: Digest) async throws -> [Descriptor] {
        let document = try document()
        let entries = document.descriptors.filter { entry in
            guard MediaType.manifests.contains(entry.mediaType), entry.digest != subject else { return false }
            return (try? read(entry))?.manifest.subject?.digest == subject
        }
        return entries + (try taggedReferrers(of: subject, in: document))
    }

    func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)] {
        let document = try document()
        return try digest.companionTags.compactMap { tag in
            guard document.digest(named: tag.rawValue) != nil else { return nil }
            return (tag, try read(document.descriptor(of: .name(tag.rawValue), in: name)))
        }
    }

    private func taggedReferrers(of subject: Digest, in document: LayoutDocument) throws -> [Descriptor] {
        let tag = subject.referrersTag.rawValue
        guard
            document.digest(named: tag) != nil,
            case .index(let index) = try read(document.descriptor(of: .name(tag), in: name)).manifest.content
        else { return [] }
        return index.manifests
    }

    private func document() throws -> LayoutDocument {
        guard let file = try files.file(LayoutNames.index) else {
            throw MirrorError.invalidFile(files.path, reason: "it has no index.json, so it is no image layout")
        }
        return try LayoutDocument(parsing: file.bytes(limit: LayoutDocument.maximumSize), at: files.path)
    }

    private func read(_ descriptor: Descriptor) throws -> ResolvedManifest {
        guard let file = try files.file(LayoutNames.blob(descriptor.digest)) else {
            throw MirrorError.notFound("manifest \(descriptor.digest)", in: name)
        }
        let bytes = try file.bytes(limit: Self.maximumManifestSize)
        let actual = Digest.of(bytes, by: descriptor.digest.algorithm)
        guard actual == descriptor.digest else {
            throw MirrorError.wrongContent(file.file.path, expected: descriptor.digest, actual: actual)
        }
        let manifest = try Manifest(parsing: bytes, contentType: descriptor.mediaType)
        return ResolvedManifest(manifest: manifest, digest: descriptor.digest)
    }
}
