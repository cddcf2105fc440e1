import Glibc
import SystemPackage

/// Lets one task of one process at a time work on something that takes long.
///
/// The lock is on an open file: it goes with the process that holds it, however that ends.
struct LayerLock: Sendable {
    private let path: FilePath
    private let file: FileDescriptor

    /// Waits for the lock without holding up a thread; ends when the task is cancelled.
    static func acquire(at path: FilePath) async throws -> LayerLock {
        while true {
            let file = try FileLock.openFile(at: path)
            do {
                while try !FileLock.tryExclusive(file, at: path) { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                try? file.close()
                throw error
            }
            let lock = LayerLock(path: path, file: file)
            if lock.isCurrent { return lock }
            try? file.close()
        }
    }

    /// Whoever held the lock before removes the file: a lock on a file without a name locks nobody out.
    private var isCurrent: Bool {
        var held = stat()
        var named = stat()
        return fstat(file.rawValue, &held) == 0 && stat(path.string, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }

    /// Removes the file of a lock whose holder was killed; leaves one that somebody holds.
    static func removeIfFree(_ path: FilePath) throws(ImageStoreError) {
        let file = try FileLock.openFile(at: path)
        let lock = LayerLock(path: path, file: file)
        guard try FileLock.tryExclusive(file, at: path), lock.isCurrent else {
            try? file.close()
            return
        }
        lock.release()
    }

    func release() {
        unlink(path.string)
        try? file.close()
    }
}
