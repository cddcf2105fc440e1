import Glibc
import ImageSpec
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

extension FileBlobStore {
    /// More than any progress takes, in bytes.
    static let maximumProgressSize = 16 << 20

    private var downloadsFolder: FilePath { root.appending("downloads") }

    private func downloadPath(_ digest: Digest) -> FilePath {
        downloadsFolder.appending("\(digest.algorithm.rawValue)-\(digest.hex)")
    }

    static func progressPath(_ path: FilePath) -> FilePath { FilePath(path.string + ".progress") }

    package func openDownload(_ digest: Digest, size: Int64) async throws -> PartialBlob {
        let path = downloadPath(digest)
        let descriptor = try await onLookupThread {
            do {
                return try FileDescriptor.open(path, .readWrite, options: .closeOnExec)
            } catch let error as Errno where error == .noSuchFileOrDirectory {
                return try Self.createDownload(at: path)
            } catch let error as Errno {
                throw StorageError(error, during: "open", of: path)
            }
        }
        return PartialBlob(
            digest: digest,
            file: OpenBlob(descriptor: descriptor, size: size),
            path: path,
            threads: threads
        )
    }

    private static func createDownload(at path: FilePath) throws -> FileDescriptor {
        // Of one before that became a blob when its process was killed: what it says was here is elsewhere now.
        try unlinkIfPresent(progressPath(path))
        let create = {
            try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: .ownerReadWrite
            )
        }
        do {
            return try create()
        } catch let error as Errno where error == .noSuchFileOrDirectory {
            try makeFolders(path.removingLastComponent())
            return try fileSystem("open", path, create)
        } catch let error as Errno {
            throw StorageError(error, during: "open", of: path)
        }
    }

    package func storeDownload(_ partial: PartialBlob) async throws -> BlobLocation {
        let location = BlobLocation(of: partial.digest, generation: generations.next())
        let (source, target) = (partial.path, root.appending(location.rawValue))
        try await onThread {
            try Self.synchronizeContent(of: partial.file.descriptor, at: source)
            try Self.moveDurably(source, to: target)
            try? Self.unlinkIfPresent(Self.progressPath(source))
        }
        return location
    }

    package func discardDownload(_ digest: Digest) async throws {
        let path = downloadPath(digest)
        try await onThread {
            try Self.unlinkIfPresent(Self.progressPath(path))
            try Self.unlinkIfPresent(path)
        }
    }

    package func downloads() async throws -> [StoredDownload] {
        let folder = downloadsFolder
        return try await onLookupThread {
            var downloads: [StoredDownload] = []
            for name in try Self.names(in: folder) {
                guard let digest = try? Digest(name.replacing("-", with: ":", maxReplacements: 1)) else { continue }
                let path = folder.appending(name)
                var status = stat()
                guard lstat(path.string, &status) == 0 else { continue }
                downloads.append(
                    StoredDownload(
                        digest: digest,
                        // Its file is as long as its last byte is far; what it takes of the disk is less.
                        byteCount: Int64(status.st_blocks) * 512,
                        progress: try Self.content(of: Self.progressPath(path), upTo: Self.maximumProgressSize)
                    )
                )
            }
            return downloads
        }
    }

    /// The whole file; nil when it isn't there or is longer than `limit` bytes.
    static func content(of path: FilePath, upTo limit: Int) throws -> [UInt8]? {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch let error as Errno where error == .noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw StorageError(error, during: "open", of: path)
        }
        defer { try? descriptor.close() }
        return try fileSystem("read", path) {
            let size = Int(try descriptor.seek(offset: 0, from: .end))
            guard size <= limit else { return nil }
            try descriptor.seek(offset: 0, from: .start)
            return try [UInt8](unsafeUninitializedCapacity: size) { space, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(space))
            }
        }
    }
}
