import Glibc
import ImageSpec
import SystemPackage

/// An archive of images, read once from its first byte to its last: each of its files lies by itself in a folder of the
/// store's own.
///
/// Names from the archive are looked up in a table, and never in a file system: none of them can lead anywhere.
final class SpooledArchive {
    private let layout: ImageLayout
    private let lease: ContentLease
    private let limits: ImageArchiveLimits
    private let folder: FilePath
    private var files: [LayerPath: SpooledFile] = [:]
    private var links: [LayerPath: LayerPath] = [:]

    /// Reads the archive in `file`, which may be a pipe; compressed or not.
    ///
    /// - Parameter lease: takes hold of the blobs that the layout has, and that are not written again.
    /// - Throws: ``ImageStoreError/archiveRefused(reason:)``, ``ImageStoreError/wrongContent(expected:actual:)``.
    init(_ file: FileDescriptor, for layout: ImageLayout, lease: ContentLease, limits: ImageArchiveLimits) throws {
        self.layout = layout
        self.lease = lease
        self.limits = limits
        folder = DurableFile.uniquePath(in: layout.temporaryFolder)
        try DurableFile.createFolder(folder)
        do {
            try read(file)
        } catch {
            discard()
            guard let failure = error as? LayerFailure else { throw error }
            throw ImageStoreError.archiveRefused(reason: failure.reason)
        }
    }

    /// Removes the files that nobody has moved away; to be called when the archive is of no use any more.
    func discard() {
        try? UnpackedFolder.remove(folder, by: layout.temporaryFolder)
    }

    /// The file that `name` leads to, over any links; nil when there is none.
    func file(_ name: String) throws -> SpooledFile? {
        var path: LayerPath
        do {
            path = try LayerPath(name)
        } catch {
            throw ImageStoreError.archiveRefused(reason: error.reason)
        }
        for _ in 0...limits.links {
            if let file = files[path] { return file }
            guard let next = links[path] else { return nil }
            path = next
        }
        throw ImageStoreError.archiveRefused(reason: "the links from '\(name)' have no end")
    }

    /// The file with a blob's place in an image layout.
    func blob(_ digest: Digest) throws -> SpooledFile? {
        try file("blobs/\(digest.algorithm.rawValue)/\(digest.hex)")
    }

    /// A manifest, config or index; nil when there is no such file.
    func document(_ name: String) throws -> [UInt8]? {
        try file(name).map(bytes)
    }

    func bytes(of file: SpooledFile) throws -> [UInt8] {
        guard let path = file.path else { return try layout.document(file.digest) }
        do {
            return try DurableFile.read(path, limit: ImageLayout.maximumDocumentSize)
        } catch ImageStoreError.invalidLayout(_, let reason) {
            throw ImageStoreError.archiveRefused(reason: "\(file.digest) can't be a document: \(reason)")
        }
    }
}

extension SpooledArchive {
    private func read(_ file: FileDescriptor) throws {
        let chunks = BufferedChunks(try DecompressedStream(file, accepting: .archives))
        let archive = try LayerArchive(chunks, blobSize: nil, limits: limits.ofTar)
        while let entry = try archive.nextEntry() {
            // Of several entries with one name the last one counts.
            files[entry.path] = nil
            links[entry.path] = nil
            switch entry.kind {
            case .file: files[entry.path] = try spool(entry, from: archive)
            case .hardLink(let target): links[entry.path] = target
            case .symbolicLink(let target): links[entry.path] = try entry.path.parent.following(target)
            case .folder, .node: break
            }
        }
        // A pipe's writer is not to be told that nobody reads what stands behind the archive's end.
        try archive.finish()
    }

    private func spool(_ entry: LayerEntry, from archive: LayerArchive) throws -> SpooledFile {
        let named = Digest(layoutPath: entry.path)
        if let named, let present = try presentBlob(named) { return present }
        let path = folder.appending("\(files.count)-\(archive.entryCount)")
        let file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        defer { try? file.close() }
        var hasher = DigestHasher(named?.algorithm ?? .sha256)
        var beginning: [UInt8] = []
        var size: Int64 = 0
        while let (bytes, offset) = try archive.nextContent() {
            guard offset == size else { throw LayerFailure("'\(entry.path)' has holes") }
            _ = try naming("write", path) { try file.writeAll(bytes) }
            hasher.update(bytes)
            if beginning.count < 4 { beginning += bytes.prefix(4) }
            size += Int64(bytes.count)
        }
        guard size == entry.size else { throw LayerFailure("'\(entry.path)' has holes") }
        let digest = hasher.finalize()
        if let named, named != digest { throw ImageStoreError.wrongContent(expected: named, actual: digest) }
        return SpooledFile(path: path, digest: digest, size: size, layerType: .layer(beginningWith: beginning))
    }

    /// The blob in the layout, which stays there from now on.
    private func presentBlob(_ digest: Digest) throws -> SpooledFile? {
        guard layout.contains(digest) else { return nil }
        try lease.hold([digest])
        guard layout.contains(digest) else { return nil }
        let path = layout.path(of: digest)
        let file = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? file.close() }
        var beginning = [UInt8](repeating: 0, count: 4)
        let count = try naming("read", path) { try beginning.withUnsafeMutableBytes { try file.read(into: $0) } }
        return SpooledFile(
            path: nil,
            digest: digest,
            size: try DurableFile.size(of: file, at: path),
            layerType: .layer(beginningWith: Array(beginning.prefix(count)))
        )
    }
}

extension Digest {
    /// The digest that a file at this path of an image layout must have; nil for other paths.
    fileprivate init?(layoutPath path: LayerPath) {
        let parts = path.description.split(separator: "/")
        guard parts.count == 3, parts[0] == "blobs", let digest = try? Digest("\(parts[1]):\(parts[2])") else {
            return nil
        }
        self = digest
    }
}
