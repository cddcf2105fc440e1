import Glibc
import SystemPackage

/// The folder that holds all of a registry's data, held by this process alone.
///
/// Two servers on one folder would not see each other's uploads, so the second is refused. The kernel lets go of the
/// lock when the process ends, however it ends.
final class DataFolder {
    let root: FilePath
    private let lock: Int32

    /// - Throws: ``StartError`` when the folder can't be made; ``DataFolderInUse`` when another process holds it.
    init(_ root: FilePath) throws {
        self.root = root
        try Self.make(root)
        lock = open(root.appending("lock").string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw StartError("can't write to the data folder '\(root)': \(Errno(rawValue: errno))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw DataFolderInUse(root: root)
        }
    }

    deinit {
        close(lock)
    }

    var database: FilePath { Self.database(in: root) }

    /// Of what this server sends to others.
    var mirrorUploads: FilePath { root.appending("mirror-uploads") }

    static let databaseName = "registry.sqlite"

    static func database(in root: FilePath) -> FilePath { root.appending(databaseName) }

    private static func make(_ path: FilePath) throws {
        guard !path.isEmpty else { return }
        if mkdir(path.string, 0o700) == 0 { return synchronizeParent(of: path) }
        guard errno != EEXIST else { return }
        guard errno == ENOENT else {
            throw StartError("can't make the data folder '\(path)': \(Errno(rawValue: errno))")
        }
        try make(path.removingLastComponent())
        try make(path)
    }

    /// Makes a new folder's name durable, where this user may.
    private static func synchronizeParent(of path: FilePath) {
        let parent = path.removingLastComponent()
        let descriptor = open(parent.isEmpty ? "." : parent.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
