import Glibc
import ImageSpec
import struct NIOCore.ByteBuffer
import RegistryClient
import SystemPackage

/// A blob on its way into the layout: the bytes so far, in a file named by the digest.
///
/// Locked while one process writes to it; others that want the same blob wait, and find it in the layout. What a
/// process that ended early has left there is gone on with.
struct PartialBlob: ~Copyable {
    private static let pollInterval = Duration.milliseconds(100)

    private let layout: ImageLayout
    private let digest: Digest
    private let path: FilePath
    private let file: FileDescriptor

    /// Waits until nobody else fetches the blob; nil when it is in the layout then.
    ///
    /// - Parameter onWait: told how many bytes the other one has.
    static func open(
        _ digest: Digest,
        in layout: ImageLayout,
        onWait: (Int64) -> Void
    ) async throws -> PartialBlob? {
        while !layout.contains(digest) {
            if let partial = try PartialBlob(tryingFor: digest, in: layout) { return partial }
            var status = stat()
            if lstat(path(of: digest, in: layout).string, &status) == 0 { onWait(Int64(status.st_size)) }
            // No blocking lock: it would hold up a thread that the one who has the lock may need.
            try await Task.sleep(for: pollInterval)
        }
        return nil
    }

    private static func path(of digest: Digest, in layout: ImageLayout) -> FilePath {
        layout.temporaryFolder.appending("\(digest.algorithm.rawValue)-\(digest.hex).partial")
    }

    /// Nil when somebody else has it, or has just finished it.
    private init?(tryingFor digest: Digest, in layout: ImageLayout) throws {
        let path = Self.path(of: digest, in: layout)
        let file = try naming("open", path) {
            try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        do {
            // Whoever had the lock before may have renamed the file.
            guard try FileLock.tryExclusive(file, at: path), file.isFile(at: path) else {
                try? file.close()
                return nil
            }
            guard !layout.contains(digest) else {
                // Finished between the look into the layout and the lock: this file is a new, empty one.
                unlink(path.string)
                try? file.close()
                return nil
            }
        } catch {
            try? file.close()
            throw error
        }
        self.layout = layout
        self.digest = digest
        self.path = path
        self.file = file
    }

    /// An empty file is of no use to anybody.
    deinit {
        if (try? DurableFile.size(of: file, at: path)) == 0, file.isFile(at: path) { unlink(path.string) }
        try? file.close()
    }

    /// Hashes what is there already, so that the rest can be fetched; all of it goes when it is too much.
    func prefix(ofAtMost size: Int64) throws -> BlobPrefix {
        var hasher = DigestHasher(digest.algorithm)
        guard try DurableFile.size(of: file, at: path) <= size else {
            try clear()
            return BlobPrefix(hasher: hasher, length: 0)
        }
        var length: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try naming("read", path) { try file.read(into: buffer) }
            guard count > 0 else { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            length += Int64(count)
        }
        return BlobPrefix(hasher: hasher, length: length)
    }

    /// Lets somebody else read the first `length` bytes, and those that follow as they come.
    func begin(_ feed: BlobFeed?, at length: Int64) {
        feed?.begin(file)
        feed?.advance(to: length)
    }

    /// - Parameter position: how many bytes are there already.
    func append(_ bytes: ByteBuffer, at position: Int64) throws {
        try bytes.withUnsafeReadableBytes { bytes in
            _ = try naming("write", path) { try file.writeAll(bytes) }
            WriteBack.begin(of: file.rawValue, behind: position, bytes.count)
        }
    }

    /// Throws the bytes away.
    func clear() throws {
        try system("truncate", path) { ftruncate(file.rawValue, 0) }
        _ = try naming("rewind", path) { try file.seek(offset: 0, from: .start) }
    }

    /// Moves the file into the layout; its bytes are verified.
    func commit() throws {
        try system("flush", path) { fsync(file.rawValue) }
        try DurableFile.move(path, to: layout.path(of: digest))
    }
}
