import Glibc
import SystemPackage

/// An advisory lock on a file, held by one open file description until it is released or its process ends.
///
/// `flock` and not `fcntl`: it belongs to the open file, so it also excludes other tasks of the same process.
struct FileLock: ~Copyable {
    enum Mode {
        case shared
        case exclusive
    }

    private let descriptor: FileDescriptor

    /// Opens the file at `path`, creating it when it is missing, and waits for the lock.
    ///
    /// Only for locks that are held for the time of a few file operations: the thread blocks.
    init(waitingFor mode: Mode, at path: FilePath) throws(ImageStoreError) {
        let file = try Self.openFile(at: path)
        do {
            try system("lock", path) { flock(file.rawValue, mode == .shared ? LOCK_SH : LOCK_EX) }
        } catch {
            try? file.close()
            throw error
        }
        descriptor = file
    }

    deinit {
        try? descriptor.close()
    }

    /// Opens the file at `path` to be locked, creating it when it is missing.
    static func openFile(at path: FilePath) throws(ImageStoreError) -> FileDescriptor {
        try naming("open", path) {
            try FileDescriptor.open(
                path,
                .readOnly,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite]
            )
        }
    }

    /// Locks an open file exclusively unless somebody else has it.
    static func tryExclusive(_ file: FileDescriptor, at path: FilePath) throws(ImageStoreError) -> Bool {
        do {
            try system("lock", path) { flock(file.rawValue, LOCK_EX | LOCK_NB) }
            return true
        } catch .fileSystem(_, _, .wouldBlock) {
            return false
        }
    }
}
