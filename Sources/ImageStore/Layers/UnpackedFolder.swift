import CConfinement
import Glibc
import SystemPackage
import UserNamespaces

/// Moving unpacked folders in and out of place; no name in them is ever followed.
enum UnpackedFolder {
    /// Makes all that is below `folder` durable, then renames it to `target`.
    static func publish(_ folder: FilePath, at target: FilePath) throws(ImageStoreError) {
        let opened = try naming("open", folder) {
            try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec, .noFollow])
        }
        defer { try? opened.close() }
        try system("flush", folder) { berth_synchronize_file_system(opened.rawValue) }
        var status = stat()
        try system("look at", folder) { fstat(opened.rawValue, &status) }
        // An ordinary user can move only a folder that is writable, for its `..` changes.
        try system("open up", folder) { fchmod(opened.rawValue, status.st_mode & 0o7777 | 0o700) }
        try DurableFile.move(folder, to: target)
        try system("close down", target) { fchmod(opened.rawValue, status.st_mode & 0o7777) }
    }

    /// Takes `folder` out of its place, then deletes it; does nothing when it isn't there.
    ///
    /// - Parameter map: how those are mapped whose its files are; nil for as they are now.
    static func remove(
        _ folder: FilePath,
        by temporaryFolder: FilePath,
        map: UserMap? = nil
    ) throws(ImageStoreError) {
        guard let taken = try takeOut(folder, to: temporaryFolder) else { return }
        do {
            try removeTree(at: taken, map: map)
        } catch {
            throw .fileSystem(operation: "remove", path: taken, error)
        }
    }

    /// Moves `folder` to a new name in `temporaryFolder`; nil when it isn't there.
    static func takeOut(_ folder: FilePath, to temporaryFolder: FilePath) throws(ImageStoreError) -> FilePath? {
        guard let standing = FileStatus(at: folder) else {
            let reason = Errno(rawValue: errno)
            guard reason != .noSuchFileOrDirectory else { return nil }
            throw .fileSystem(operation: "look at", path: folder, reason)
        }
        guard standing.isFolder else { throw .fileSystem(operation: "remove", path: folder, .notDirectory) }
        try system("open up", folder) { folder.withPlatformString { chmod($0, 0o700) } }
        let taken = DurableFile.uniquePath(in: temporaryFolder)
        try system("rename to \(taken)", folder) { folder.withPlatformString { rename($0, taken.string) } }
        return taken
    }
}
