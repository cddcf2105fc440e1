import Glibc
import SystemPackage

/// Lets one task of one process at a time work on something that takes long: an upload, a layer to be unpacked.
///
/// The lock is on an open file (flock(2)): it goes with the process that holds it, however that ends.
package struct LockFile: Sendable {
    private let path: FilePath
    private let file: FileDescriptor

    /// Waits for the lock without holding up a thread; ends when the task is cancelled.
    ///
    /// - Parameter path: a file that is for this only; it is there as long as somebody has the lock.
    /// - Throws: ``FileError`` when the file can't be made or locked at all.
    package static func acquire(at path: FilePath) async throws -> LockFile {
        while true {
            let lock = try LockFile(opening: path)
            do {
                while try !lock.tryToLock() { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                try? lock.file.close()
                throw error
            }
            if lock.isCurrent { return lock }
            try? lock.file.close()
        }
    }

    /// Removes the file of a lock whose holder was killed; leaves one that somebody holds.
    ///
    /// - Throws: ``FileError``.
    package static func removeIfFree(_ path: FilePath) throws {
        let lock = try LockFile(opening: path)
        do {
            if try lock.tryToLock(), lock.isCurrent { return lock.release() }
        } catch {
            try? lock.file.close()
            throw error
        }
        try? lock.file.close()
    }

    private init(opening path: FilePath) throws {
        self.path = path
        file = try FileError.naming("open", path) {
            try FileDescriptor.open(
                path,
                // Some file systems of others lock for writing only what is open for that.
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite]
            )
        }
    }

    /// False while somebody else has it; a file system that knows no locks is an error and no reason to wait.
    private func tryToLock() throws(FileError) -> Bool {
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let code = Errno(rawValue: errno)
            switch code {
            case .wouldBlock: return false
            case .interrupted: continue
            default: throw FileError(operation: "lock", path: path, code: code)
            }
        }
        return true
    }

    /// Whoever held the lock before removes the file: a lock on a file without a name locks nobody out.
    private var isCurrent: Bool { file.isFile(at: path) }

    package func release() {
        unlink(path.string)
        try? file.close()
    }
}

extension FileDescriptor {
    /// Whether the open file still has this name: somebody may have renamed or removed it since it was opened.
    package func isFile(at path: FilePath) -> Bool {
        var (opened, named) = (Glibc.stat(), Glibc.stat())
        return fstat(rawValue, &opened) == 0 && lstat(path.string, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }
}
