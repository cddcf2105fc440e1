import ImageSpec
import SystemPackage

/// The layout or archive that a plan's images go to in place of their destinations, each under its source's full name.
struct MirrorExport: Sendable {
    private enum Kind: Sendable {
        case layout(FilePath)
        case archive(ArchiveBuilder, NamedManifests)
    }

    let name: String
    private let kind: Kind
    private let earlier: [any LayoutFiles]

    /// - Throws: ``MirrorError``.
    init(to location: ImageLocation, since earlier: [ImageLocation]) throws {
        name = location.description
        switch location {
        case .layout(let path, nil): kind = .layout(path)
        case .archive(let path, nil): kind = .archive(try ArchiveBuilder(path: path), NamedManifests())
        default: throw MirrorError.invalidLocation(name, reason: "it should be oci:FOLDER or oci-archive:FILE")
        }
        self.earlier = try earlier.map { try MirrorImport.files(of: $0) }
    }

    /// Whether images may go there at once.
    var takesSeveralImages: Bool {
        if case .layout = kind { true } else { false }
    }

    /// What is there under a name already.
    func digest(of image: ImageReference) throws -> Digest? {
        guard case .layout(let path) = kind, let file = try FolderFiles(path: path).file(LayoutNames.index) else {
            return nil
        }
        let document = try LayoutDocument(parsing: file.bytes(limit: LayoutDocument.maximumSize), at: path)
        return document.digest(named: image.description)
    }

    func destination(of image: ImageReference) -> any ImageDestination {
        let name = LayoutName.name(image.description)
        let base: any ImageDestination =
            switch kind {
            case .layout(let path): LayoutDestination(path: path, image: name, name: self.name)
            case .archive(let archive, let named):
                ArchiveDestination(sharing: archive, named, image: name, name: self.name)
            }
        return earlier.isEmpty ? base : IncrementalDestination(base: base, earlier: earlier)
    }

    /// Puts an archive in its place, unless there is nothing in it: an earlier one may be there.
    ///
    /// - Returns: whether there is something.
    func finish() async throws -> Bool {
        guard case .archive(let archive, let named) = kind else { return true }
        guard !named.all.isEmpty else { return false }
        try await ArchiveDestination.end(archive, named)
        return true
    }
}
