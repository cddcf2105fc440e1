import Glibc
import ImageSpec
import NIOCore
import NIOPosix
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

/// The bytes of a blob on their way from another registry: they come in any order, and are read while others come.
///
/// What of them is there is for its owner to know, who may keep that beside them, as ``saveProgress(_:)`` has it; nothing
/// is proven of them until they are stored. Nothing of it is durable either: what a crash of the machine loses is fetched
/// again, and that it is lost shows in the digest.
package final class PartialBlob: Sendable {
    package let digest: Digest
    /// To be read from where bytes are; what is there stays there, also when it has become a blob.
    package let file: OpenBlob
    let path: FilePath
    private let threads: NIOThreadPool

    /// How much is read at once to be hashed, in bytes.
    private static let hashLength = 1 << 20

    init(digest: Digest, file: OpenBlob, path: FilePath, threads: NIOThreadPool) {
        self.digest = digest
        self.file = file
        self.path = path
        self.threads = threads
    }

    /// In bytes, of the whole blob.
    package var size: Int64 { file.size }

    /// Writes `buffer` so that its first byte is the blob's byte number `offset`.
    package func write(_ buffer: ByteBuffer, at offset: Int64) async throws {
        try await threads.runIfActive { [self] in
            _ = try buffer.withUnsafeReadableBytes { bytes in
                try fileSystem("write to", path) { try file.descriptor.writeAll(toAbsoluteOffset: offset, bytes) }
            }
        }
    }

    /// Reads `range`, which must be there; its length bounds the memory that this takes.
    package func read(_ range: Range<Int64>) async throws -> ByteBuffer {
        try await threads.runIfActive { [self] in
            var buffer = ByteBufferAllocator().buffer(capacity: range.count)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
                let space = UnsafeMutableRawBufferPointer(rebasing: space[..<range.count])
                try readAll(from: range.lowerBound, into: space)
                return range.count
            }
            return buffer
        }
    }

    /// The hash with the bytes in `range` added to it; they must be there.
    package func hash(_ range: Range<Int64>, into hasher: DigestHasher) async throws -> DigestHasher {
        try await threads.runIfActive { [self] in
            var hasher = hasher
            let length = min(range.count, Self.hashLength)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, length), alignment: 16)
            defer { buffer.deallocate() }
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = min(length, Int(range.upperBound - offset))
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                try readAll(from: offset, into: part)
                hasher.update(UnsafeRawBufferPointer(part))
                offset += Int64(count)
            }
            return hasher
        }
    }

    private func readAll(from start: Int64, into space: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < space.count {
            let count = try fileSystem("read", path) {
                try file.descriptor.read(
                    fromAbsoluteOffset: start + Int64(done),
                    into: UnsafeMutableRawBufferPointer(rebasing: space[done...])
                )
            }
            guard count > 0 else {
                throw StorageError.bytesLost(path: path.string, reason: "it ends at byte \(start + Int64(done))")
            }
            done += count
        }
    }

    /// What was kept beside the bytes last; nil when nothing was.
    package func progress() async throws -> [UInt8]? {
        try await threads.runIfActive { [self] in
            try FileBlobStore.content(of: FileBlobStore.progressPath(path), upTo: FileBlobStore.maximumProgressSize)
        }
    }

    /// Keeps `progress` beside the bytes, in place of what was kept before; whoever finds it finds all of it.
    package func saveProgress(_ progress: [UInt8]) async throws {
        try await threads.runIfActive { [self] in
            let target = FileBlobStore.progressPath(path)
            let new = FilePath(target.string + ".new")
            let descriptor = try fileSystem("open", new) {
                try FileDescriptor.open(
                    new,
                    .writeOnly,
                    options: [.create, .truncate, .closeOnExec],
                    permissions: .ownerReadWrite
                )
            }
            try fileSystem("write to", new) {
                try descriptor.closeAfter { _ = try descriptor.writeAll(progress) }
            }
            try fileSystem("rename", new) { try rename(new, to: target) }
        }
    }
}
