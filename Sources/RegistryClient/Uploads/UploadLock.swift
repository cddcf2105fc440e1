import Glibc
import SystemPackage

/// Lets one task of one process at a time upload something.
///
/// The lock is on an open file: it goes with the process that holds it, however that ends.
struct UploadLock: Sendable {
    private let path: FilePath
    private let file: FileDescriptor

    /// Waits for the lock without holding up a thread; ends when the task is cancelled.
    static func acquire(at path: FilePath) async throws -> UploadLock {
        while true {
            let lock = try UploadLock(opening: path)
            do {
                while !lock.tryToLock() { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                try? lock.file.close()
                throw error
            }
            if lock.isCurrent { return lock }
            try? lock.file.close()
        }
    }

    /// Removes the file of a lock whose holder was killed; leaves one that somebody holds.
    static func removeIfFree(_ path: FilePath) throws {
        let lock = try UploadLock(opening: path)
        guard lock.tryToLock(), lock.isCurrent else {
            try? lock.file.close()
            return
        }
        lock.release()
    }

    private init(opening path: FilePath) throws {
        self.path = path
        file = try UploadMemoryError.naming("open", path) {
            try FileDescriptor.open(
                path,
                .readOnly,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite]
            )
        }
    }

    private func tryToLock() -> Bool { flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 }

    /// Whoever held the lock before removes the file: a lock on a file without a name locks nobody out.
    private var isCurrent: Bool {
        var held = stat()
        var named = stat()
        return fstat(file.rawValue, &held) == 0 && stat(path.string, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }

    func release() {
        unlink(path.string)
        try? file.close()
    }
}
