import ImageSpec
import RegistryClient
import SystemPackage

/// A new tar archive that an image is put into by the OCI's image layout; an archive of before is replaced when the
/// new one is whole.
struct ArchiveDestination: ImageDestination {
    private let image: LayoutName?
    private let name: String
    private let archive: ArchiveBuilder
    private let named: NamedManifests
    /// Whether others put images into the same archive, which somebody else then ends.
    private let isShared: Bool

    init(path: FilePath, image: LayoutName?, name: String) throws {
        self.image = image
        self.name = name
        archive = try ArchiveBuilder(path: path)
        named = NamedManifests()
        isShared = false
    }

    /// A part of an archive of several images.
    init(sharing archive: ArchiveBuilder, _ named: NamedManifests, image: LayoutName, name: String) {
        self.image = image
        self.name = name
        self.archive = archive
        self.named = named
        isShared = true
    }

    /// One file follows another.
    var takesSeveralBlobs: Bool { false }

    func begin(_ root: ResolvedManifest) async throws -> Bool {
        if case .digest(let wanted) = image, wanted != root.digest {
            throw MirrorError.differentDigest(destination: name, source: root.digest)
        }
        try await archive.add(LayoutNames.markerContent, as: LayoutNames.marker)
        return false
    }

    func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool {
        await archive.contains(LayoutNames.blob(manifest))
    }

    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        let name = LayoutNames.blob(blob.digest)
        guard await !archive.contains(name) else { return .alreadyThere }
        try await archive.add(blob, as: name, from: source, onBytes: onBytes)
        return .uploaded
    }

    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws {
        try await archive.add(manifest.manifest.bytes, as: LayoutNames.blob(manifest.digest))
        named.add(manifest, as: role, rootName: image)
    }

    func finish() async throws {
        guard !isShared else { return }
        try await Self.end(archive, named)
    }

    /// Writes the list of images, and puts the archive in its place.
    static func end(_ archive: ArchiveBuilder, _ named: NamedManifests) async throws {
        try await archive.add(LayoutNames.markerContent, as: LayoutNames.marker)
        var document = LayoutDocument()
        for entry in named.all { try document.put(entry.descriptor, name: entry.name) }
        try await archive.add(document.encoded(), as: LayoutNames.index)
        try await archive.commit()
    }
}
