import Glibc
import NIOCore
import NIOPosix
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

/// Appends to an upload's file on the blob store's threads.
final class FileUploadAppender: UploadAppender {
    private let descriptor: FileDescriptor
    private let path: FilePath
    private let threads: NIOThreadPool
    /// Where the next bytes go. One writer appends at a time; the lock makes that safe to rely on.
    private let offset: Mutex<Int64>

    init(descriptor: FileDescriptor, path: FilePath, offset: Int64, threads: NIOThreadPool) {
        self.descriptor = descriptor
        self.path = path
        self.threads = threads
        self.offset = Mutex(offset)
    }

    func append(_ buffers: [ByteBuffer]) async throws {
        let count = buffers.reduce(0) { $0 + $1.readableBytes }
        let start = offset.withLock { offset in
            defer { offset += Int64(count) }
            return offset
        }
        try await threads.runIfActive { [descriptor, path] in
            var position = start
            for buffer in buffers {
                position += try buffer.withUnsafeReadableBytes { bytes in
                    Int64(
                        try fileSystem("write to", path) { try descriptor.writeAll(toAbsoluteOffset: position, bytes) }
                    )
                }
            }
        }
    }

    func synchronize() async throws {
        try await threads.runIfActive { [descriptor, path] in
            guard fdatasync(descriptor.rawValue) == 0 else {
                throw StorageError.fileSystem(operation: "sync", path: path.string, reason: "\(Errno(rawValue: errno))")
            }
            try FileBlobStore.synchronize(path.removingLastComponent())
        }
    }

    func close() async {
        try? descriptor.close()
    }
}
