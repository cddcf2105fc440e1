import CConfinement
import Glibc
import SystemPackage

/// A file or folder in the confined process's tree, or where one could be: the folder that it is in, and its name there.
struct TreePlace {
    /// As many links as the kernel follows.
    private static let maximumLinks = 40

    private let folder: Int32
    /// `.` for the folder itself.
    let name: String

    /// Finds the place, through the links on the way, and through the one that it is where `followsLink` or the path
    /// asserts a folder.
    ///
    /// - Throws: ``TreeFailure`` when the folder that it should be in isn't there.
    init(_ path: CopyPath, followsLink: Bool) throws(TreeFailure) {
        var folder = try Self.openFolder(AT_FDCWD, path.parent)
        var name = path.name.isEmpty ? "." : path.name
        var links = 0
        while followsLink || path.assertsFolder, let target = Self.link(name, in: folder) {
            links += 1
            guard links <= Self.maximumLinks else { throw TreeFailure("too many links at \(path.path)") }
            // What the kernel makes of the target's `..` is right: it has followed all links before.
            let parts = FilePath(target)
            let parent = parts.removingLastComponent()
            let next = try Self.openFolder(folder, parent.isEmpty ? "." : parent.string)
            close(folder)
            folder = next
            name = parts.lastComponent?.string ?? "."
        }
        self.folder = folder
        self.name = name
    }

    /// What stands there, a link itself; nil for nothing.
    var standing: FileStatus? {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileStatus(status)
    }

    /// Makes the place, if it is a folder, or else the folder that it is in, the process's working folder.
    func enter(isFolder: Bool) throws(TreeFailure) {
        let target = isFolder ? try Self.openFolder(folder, name, followsLink: false) : folder
        guard fchdir(target) == 0 else {
            throw TreeFailure("can't enter the folder of \(name): \(Errno(rawValue: errno))")
        }
    }

    private static func openFolder(_ base: Int32, _ path: String, followsLink: Bool = true) throws(TreeFailure) -> Int32
    {
        let descriptor = berth_find_folder(base, path, followsLink)
        guard descriptor < 0 else { return descriptor }
        switch errno {
        case ENOENT: throw TreeFailure("no such folder: \(path)", isMissing: true)
        case ENOTDIR: throw TreeFailure("\(path) is no folder", isMissing: true)
        default: throw TreeFailure("can't open \(path): \(Errno(rawValue: errno))")
        }
    }

    private static func link(_ name: String, in folder: Int32) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlinkat(folder, name, &target, target.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
