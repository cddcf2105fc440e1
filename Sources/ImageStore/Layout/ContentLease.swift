import Glibc
import ImageSpec
import SystemPackage

/// Keeps content in the store while somebody works with it: a pull that has not named its image yet, a
/// container that runs from its layers.
///
/// The lease is a locked file that lists digests of blobs and diff IDs of layers. Removal honours every lease
/// whose file is locked; the kernel drops the lock with the process, so one that was killed holds nothing.
/// It ends when the last reference to it goes.
package final class ContentLease: Sendable {
    private let path: FilePath
    private let file: FileDescriptor
    private let layout: ImageLayout

    /// Only called while the layout's lock is held, so that removal never meets a lease that isn't locked yet.
    init(in layout: ImageLayout, _: borrowing FileLock) throws(ImageStoreError) {
        let path = DurableFile.uniquePath(in: layout.leaseFolder)
        file = try naming("create", path) {
            try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .exclusiveCreate, .closeOnExec, .append],
                permissions: [.ownerReadWrite]
            )
        }
        self.path = path
        self.layout = layout
        try system("lock", path) { flock(file.rawValue, LOCK_EX | LOCK_NB) }
    }

    deinit {
        unlink(path.string)
        try? file.close()
    }

    /// Holds nothing any more, though somebody may still have a reference.
    package func end() {
        unlink(path.string)
    }

    /// Holds `digests` too. What of them is in the store when this returns stays.
    package func hold(_ digests: some Sequence<Digest>) throws {
        try layout.withLock(.exclusive) { lock in try hold(digests, lock) }
    }

    func hold(_ digests: some Sequence<Digest>, _: borrowing FileLock) throws(ImageStoreError) {
        let lines = digests.map { "\($0)\n" }.joined()
        try naming("write", path) { _ = try file.writeAll(lines.utf8) }
    }
}

extension ContentLease {
    /// All that living leases in `folder` hold; the files of dead ones are removed.
    static func heldDigests(in folder: FilePath, _: borrowing FileLock) throws(ImageStoreError) -> Set<Digest> {
        var held: Set<Digest> = []
        for name in DurableFile.names(in: folder) {
            do {
                held.formUnion(try digests(ofLeaseAt: folder.appending(name)))
            } catch  where error.isNotFound {
                continue
            }
        }
        return held
    }

    private static func digests(ofLeaseAt path: FilePath) throws(ImageStoreError) -> [Digest] {
        let file = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? file.close() }
        guard try !FileLock.tryExclusive(file, at: path) else {
            unlink(path.string)
            return []
        }
        let text = String(decoding: try DurableFile.read(path, limit: 16 << 20), as: UTF8.self)
        return text.split(separator: "\n").compactMap { try? Digest($0) }
    }
}
