import ImageSpec
import NIOCore
import NIOPosix
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

/// Blobs in a folder: `blobs/` for stored bytes, `uploads/` for those on their way, on one file system.
///
/// All file operations run on a pool of threads of the store's own, never on an event loop.
package struct FileBlobStore: BlobStore {
    let root: FilePath
    let generations = BlobGenerations()
    let threads: NIOThreadPool
    /// For what takes a moment and a client waits for: it must not wait for writers that wait for the disk.
    private let lookupThreads: NIOThreadPool

    /// Opens the store in the folder `root`, making what is missing.
    ///
    /// - Parameter threadCount: how many file operations may be under way at once.
    /// - Throws: ``StorageError``.
    package init(root: FilePath, threadCount: Int = 16) throws {
        self.root = root
        try Self.makeFolders(root.appending("uploads"))
        for algorithm in DigestAlgorithm.allCases {
            try Self.makeBlobFolders(root.appending("blobs").appending(algorithm.rawValue))
        }
        (threads, lookupThreads) = Self.startThreads(threadCount)
    }

    /// Opens the store in the folder `root` to be read only: it makes nothing there.
    package init(reading root: FilePath, threadCount: Int = 16) {
        self.root = root
        (threads, lookupThreads) = Self.startThreads(threadCount)
    }

    /// Ends the store's threads; it can't be used after.
    package func close() async throws {
        try await threads.shutdownGracefully()
        try await lookupThreads.shutdownGracefully()
    }

    private static func startThreads(_ count: Int) -> (NIOThreadPool, NIOThreadPool) {
        let pools = (NIOThreadPool(numberOfThreads: count), NIOThreadPool(numberOfThreads: max(1, count / 4)))
        pools.0.start()
        pools.1.start()
        return pools
    }

    package func openUpload(_ id: UploadID, at offset: Int64) async throws -> any UploadAppender {
        let path = uploadPath(id)
        let descriptor = try await onThread {
            let descriptor: FileDescriptor
            do {
                let options: FileDescriptor.OpenOptions = offset == 0 ? [.create, .closeOnExec] : .closeOnExec
                descriptor = try FileDescriptor.open(path, .writeOnly, options: options, permissions: .ownerReadWrite)
            } catch let error as Errno {
                if offset > 0, error == .noSuchFileOrDirectory {
                    throw StorageError.uploadTruncated(id, expected: offset, found: 0)
                }
                throw StorageError(error, during: "open", of: path)
            }
            do {
                let size = try fileSystem("seek in", path) { try descriptor.seek(offset: 0, from: .end) }
                guard size >= offset else { throw StorageError.uploadTruncated(id, expected: offset, found: size) }
                if size > offset { try fileSystem("truncate", path) { try descriptor.resize(to: offset) } }
            } catch {
                try? descriptor.close()
                throw error
            }
            return descriptor
        }
        return FileUploadAppender(descriptor: descriptor, path: path, offset: offset, threads: threads)
    }

    package func storeUpload(_ id: UploadID, as digest: Digest) async throws -> BlobLocation {
        let location = BlobLocation(of: digest, generation: generations.next())
        let source = uploadPath(id)
        let target = root.appending(location.rawValue)
        try await onThread {
            try Self.synchronizeContent(source)
            try Self.moveDurably(source, to: target)
        }
        return location
    }

    package func returnToUpload(_ id: UploadID, from location: BlobLocation) async throws {
        let (source, target) = (root.appending(location.rawValue), uploadPath(id))
        try await onThread {
            try fileSystem("rename to \(target)", source) { try rename(source, to: target) }
            try Self.synchronize(target.removingLastComponent())
        }
    }

    package func digestOfUpload(_ id: UploadID, by algorithm: DigestAlgorithm) async throws -> Digest {
        try await digest(ofFileAt: uploadPath(id), by: algorithm)
    }

    package func discardUpload(_ id: UploadID) async throws {
        let path = uploadPath(id)
        try await onThread { try Self.unlinkIfPresent(path) }
    }

    package func open(_ location: BlobLocation) async throws -> OpenBlob {
        try await openFile(at: root.appending(location.rawValue))
    }

    package func remove(_ location: BlobLocation) async throws {
        let path = root.appending(location.rawValue)
        try await onThread { try Self.unlinkIfPresent(path) }
    }

    package func digest(of location: BlobLocation, by algorithm: DigestAlgorithm) async throws -> Digest {
        try await digest(ofFileAt: root.appending(location.rawValue), by: algorithm)
    }

    private func digest(ofFileAt path: FilePath, by algorithm: DigestAlgorithm) async throws -> Digest {
        let file = try await openFile(at: path)
        var hasher = DigestHasher(algorithm)
        var offset: Int64 = 0
        // A slice at a time: many of these at once leave threads for others, and stop when their task is cancelled.
        while true {
            try Task.checkCancellation()
            let (next, count) = try await onThread { [hasher, offset] in
                var hasher = hasher
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
                defer { buffer.deallocate() }
                let count = try fileSystem("read", path) {
                    try file.descriptor.read(fromAbsoluteOffset: offset, into: buffer)
                }
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return (hasher, count)
            }
            guard count > 0 else { return hasher.finalize() }
            hasher = next
            offset += Int64(count)
        }
    }

    private func openFile(at path: FilePath) async throws -> OpenBlob {
        try await onLookupThread {
            let descriptor: FileDescriptor
            do {
                descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            } catch let error as Errno where error == .noSuchFileOrDirectory {
                throw StorageError.bytesLost(path: path.string, reason: "the file is not there")
            } catch let error as Errno {
                throw StorageError(error, during: "open", of: path)
            }
            do {
                let size = try fileSystem("seek in", path) { try descriptor.seek(offset: 0, from: .end) }
                return OpenBlob(descriptor: descriptor, size: size)
            } catch {
                try? descriptor.close()
                throw error
            }
        }
    }

    func uploadPath(_ id: UploadID) -> FilePath {
        root.appending("uploads").appending(id.rawValue)
    }

    func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.runIfActive(work)
    }

    func onLookupThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await lookupThreads.runIfActive(work)
    }
}
