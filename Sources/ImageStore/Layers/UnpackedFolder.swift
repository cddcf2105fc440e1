import CConfinement
import Glibc
import SystemPackage

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
    /// A folder within is moved up into `temporaryFolder` before its turn comes, so that no depth is too deep.
    static func remove(_ folder: FilePath, by temporaryFolder: FilePath) throws(ImageStoreError) {
        var waiting: [FilePath] = []
        do {
            waiting.append(try takeOut(folder, to: temporaryFolder))
        } catch  where error.isNotFound {
            return
        }
        while let next = waiting.popLast() {
            let opened = try naming("open", next) {
                try FileDescriptor.open(next, .readOnly, options: [.directory, .closeOnExec, .noFollow])
            }
            defer { try? opened.close() }
            for name in (try? FolderListing.names(in: next)) ?? []
            where name.withPlatformString({ unlinkat(opened.rawValue, $0, 0) }) != 0 {
                waiting.append(try takeOut(next.appending(name), to: temporaryFolder))
            }
            try system("remove", next) { rmdir(next.string) }
        }
    }

    private static func takeOut(_ folder: FilePath, to temporaryFolder: FilePath) throws(ImageStoreError) -> FilePath {
        guard let standing = FileStatus(at: folder) else {
            throw .fileSystem(operation: "look at", path: folder, Errno(rawValue: errno))
        }
        guard standing.isFolder else { throw .fileSystem(operation: "remove", path: folder, .notDirectory) }
        try system("open up", folder) { folder.withPlatformString { chmod($0, 0o700) } }
        let taken = DurableFile.uniquePath(in: temporaryFolder)
        try system("rename to \(taken)", folder) { folder.withPlatformString { rename($0, taken.string) } }
        return taken
    }
}
