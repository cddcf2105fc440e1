import Glibc
import SystemPackage

/// A file or folder of this host, or where one could be, through all links.
struct HostPlace {
    let path: FilePath
    let standing: CopyPlacement.Standing

    var parent: FilePath {
        let parent = path.removingLastComponent()
        return parent.isEmpty ? "." : parent
    }

    var name: String { path.lastComponent?.string ?? "." }

    /// - Throws: ``TreeFailure`` when the folder that it should be in isn't there.
    init(_ text: String) throws(TreeFailure) {
        var status = stat()
        if stat(text, &status) == 0 {
            guard let resolved = realpath(text, nil) else {
                throw TreeFailure("can't find \(text): \(Errno(rawValue: errno))")
            }
            defer { free(resolved) }
            path = FilePath(platformString: resolved)
            standing = status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
            return
        }
        guard errno == ENOENT else { throw TreeFailure("can't look at \(text): \(Errno(rawValue: errno))") }
        path = FilePath(text).lexicallyNormalized()
        standing = .nothing
        guard stat(parent.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw TreeFailure("no such folder: \(parent)")
        }
    }
}
