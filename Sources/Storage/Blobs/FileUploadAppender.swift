import CWriteBack
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

/// Appends to an upload's file on the blob store's threads.
final class FileUploadAppender: UploadAppender {
    /// After how many bytes the kernel is told to write them to the disk, and waited for the ones before, so that the
    /// sync at the end has no more to do than twice this, whatever the blob's size.
    private static let writeBackLength: Int64 = 8 << 20

    /// One writer appends at a time; the lock makes that safe to rely on.
    private struct Progress {
        /// Where the next bytes go.
        var offset: Int64
        /// The bytes that are being written to the disk; those behind it have not begun to be.
        var writeBack: Range<Int64>
        /// Whether the file's name may not be durable yet.
        var isNew: Bool
    }

    private let descriptor: FileDescriptor
    private let path: FilePath
    private let threads: NIOThreadPool
    private let progress: Mutex<Progress>

    init(descriptor: FileDescriptor, path: FilePath, offset: Int64, threads: NIOThreadPool) {
        self.descriptor = descriptor
        self.path = path
        self.threads = threads
        progress = Mutex(Progress(offset: offset, writeBack: offset..<offset, isNew: offset == 0))
    }

    func append(_ buffers: [ByteBuffer]) async throws {
        let count = buffers.reduce(0) { $0 + $1.readableBytes }
        let start = progress.withLock { progress in
            defer { progress.offset += Int64(count) }
            return progress.offset
        }
        try await threads.runIfActive { [self] in
            var position = start
            for buffer in buffers {
                position += try buffer.withUnsafeReadableBytes { bytes in
                    Int64(
                        try fileSystem("write to", path) { try descriptor.writeAll(toAbsoluteOffset: position, bytes) }
                    )
                }
            }
            try writeBack(upTo: position)
        }
    }

    func synchronize() async throws {
        try await threads.runIfActive { [self] in
            try FileBlobStore.synchronizeContent(of: descriptor, at: path)
            guard progress.withLock({ $0.isNew }) else { return }
            try FileBlobStore.synchronize(path.removingLastComponent())
            progress.withLock { $0.isNew = false }
        }
    }

    func close() async {
        try? descriptor.close()
    }

    /// Has the kernel begin to write what it holds, and waits for what it had begun before.
    ///
    /// The wait takes an error away from the sync at the end: it is told here or never.
    private func writeBack(upTo end: Int64) throws {
        let ranges = progress.withLock { progress -> (before: Range<Int64>, next: Range<Int64>)? in
            let before = progress.writeBack
            guard end - before.upperBound >= Self.writeBackLength else { return nil }
            progress.writeBack = before.upperBound..<end
            return (before, progress.writeBack)
        }
        guard let (before, next) = ranges else { return }
        guard
            write_back_begin(descriptor.rawValue, next.lowerBound, Int64(next.count)) == 0,
            before.isEmpty || write_back_finish(descriptor.rawValue, before.lowerBound, Int64(before.count)) == 0
        else {
            let error = Errno(rawValue: errno)
            // Some file systems can't, and leave all to the sync.
            if [.noFunction, .notSupported, .invalidArgument, .illegalSeek].contains(error) { return }
            throw StorageError(error, during: "write back", of: path)
        }
    }
}
