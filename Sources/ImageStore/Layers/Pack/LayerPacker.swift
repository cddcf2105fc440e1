import Glibc
import ImageSpec
import NIOPosix
import SystemPackage

/// Makes a gzip layer blob from a folder or an archive, in one pass and constant memory.
///
/// The same input always gives the same bytes.
package struct LayerPacker: Sendable {
    /// What a layer is made from.
    package enum Source: Sendable {
        /// Everything below the folder.
        case folder(FilePath)
        /// A tar archive, by itself or compressed by gzip, zstd, bzip2 or xz; need not be a file.
        case archive(FileDescriptor)
    }

    package init() {}

    /// Writes the layer blob to a new file at `path`, which is removed again when it can't be finished.
    ///
    /// An archive's bytes are taken as they are; what they say is looked at when the layer is unpacked.
    ///
    /// - Throws: ``ImageStoreError/notPacked(reason:)``, ``ImageStoreError/fileSystem(operation:path:_:)``.
    package func pack(_ source: Source, into path: FilePath) async throws -> PackedLayer {
        try await NIOThreadPool.singleton.runIfActive { try packAtOnce(source, into: path) }
    }

    /// Does so on this thread.
    func packAtOnce(_ source: Source, into path: FilePath) throws -> PackedLayer {
        let file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        defer { try? file.close() }
        do {
            let blob = try LayerBlobWriter(file)
            switch source {
            case .folder(let folder): try FolderArchiver(blob).write(folder)
            case .archive(let archive): try copy(archive, to: blob)
            }
            return try blob.finish()
        } catch {
            unlink(path.string)
            throw ImageStoreError.notPacked(reason: error.reason)
        }
    }

    private func copy(_ archive: FileDescriptor, to blob: LayerBlobWriter) throws(LayerFailure) {
        let chunks = BufferedChunks(try DecompressedStream(archive, accepting: .archives))
        while let bytes = try chunks.next() { try blob.write(bytes) }
    }
}
