import Glibc
import ImageSpec
import RegistryClient
import SystemPackage

/// A folder that an image is put into by the OCI's image layout, beside those that are there.
///
/// A blob appears under its name whole, verified and flushed; `index.json` names only what is there.
struct LayoutDestination: ImageDestination {
    private let folder: FilePath
    private let image: LayoutName?
    private let name: String
    /// Manifests to be named in the end, in order.
    private let named: NamedManifests

    init(path: FilePath, image: LayoutName?, name: String) {
        folder = path
        self.image = image
        self.name = name
        named = NamedManifests()
    }

    var takesSeveralBlobs: Bool { true }

    /// Makes the folder a layout, unless it is one.
    func begin(_ root: ResolvedManifest) throws -> Bool {
        try Self.makeFolder(folder.appending(LayoutNames.folder(.sha256)))
        try Self.write(LayoutNames.markerContent, to: folder.appending(LayoutNames.marker), in: folder)
        switch image {
        case .digest(let wanted):
            guard wanted == root.digest else {
                throw MirrorError.differentDigest(destination: name, source: root.digest)
            }
            return false
        case .name(let name):
            return try document().digest(named: name) == root.digest && holds(root.digest)
        case nil:
            return false
        }
    }

    func holds(_ manifest: Digest, as role: ManifestRole) throws -> Bool {
        if case .companion(let tag) = role, try document().digest(named: tag.rawValue) != manifest { return false }
        return try holds(manifest)
    }

    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        guard try !holds(blob.digest) else { return .alreadyThere }
        var file = try newBlob(blob.digest)
        var count: Int64 = 0
        for try await buffer in try source.blob(blob) {
            try buffer.withUnsafeReadableBytes { try file.write($0) }
            count += Int64(buffer.readableBytes)
            onBytes(count)
        }
        try file.commit()
        return .uploaded
    }

    func put(_ manifest: ResolvedManifest, as role: ManifestRole) throws {
        if try !holds(manifest.digest) {
            var file = try newBlob(manifest.digest)
            try file.write(manifest.manifest.bytes)
            try file.commit()
        }
        named.add(manifest, as: role, rootName: image)
    }

    func finish() throws {
        let entries = named.all
        guard !entries.isEmpty else { return }
        // Locks the folder itself: a file for it would be one that no layout has.
        let lock = try OpenFile(reading: folder)
        try system("lock", folder) { flock(lock.descriptor.rawValue, LOCK_EX) }
        var document = try document()
        for entry in entries { try document.put(entry.descriptor, name: entry.name) }
        try Self.write(document.encoded(), to: folder.appending(LayoutNames.index), in: folder)
    }

    private func holds(_ blob: Digest) throws -> Bool {
        try FolderFiles(path: folder).file(LayoutNames.blob(blob)) != nil
    }

    private func document() throws -> LayoutDocument {
        guard let file = try FolderFiles(path: folder).file(LayoutNames.index) else { return LayoutDocument() }
        return try LayoutDocument(parsing: file.bytes(limit: LayoutDocument.maximumSize), at: folder)
    }

    private func newBlob(_ digest: Digest) throws -> NewFile {
        try Self.makeFolder(folder.appending(LayoutNames.folder(digest.algorithm)))
        return try NewFile(for: folder.appending(LayoutNames.blob(digest)), in: folder)
    }

    private static func write(_ bytes: [UInt8], to path: FilePath, in folder: FilePath) throws {
        if let old = try FolderFiles(path: folder).file(path.lastComponent?.string ?? ""),
            try old.size == bytes.count && old.bytes(limit: bytes.count) == bytes
        {
            return
        }
        var file = try NewFile(for: path, in: folder)
        try file.write(bytes)
        try file.commit()
    }

    /// Makes the folder and those above it that are missing.
    private static func makeFolder(_ path: FilePath) throws(MirrorError) {
        guard mkdir(path.string, 0o755) != 0, errno != EEXIST else { return }
        let parent = path.removingLastComponent()
        guard errno == ENOENT, !parent.isEmpty else {
            throw .fileSystem(operation: "create the folder", path: path, Errno(rawValue: errno))
        }
        try makeFolder(parent)
        guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
            throw .fileSystem(operation: "create the folder", path: path, Errno(rawValue: errno))
        }
    }
}
