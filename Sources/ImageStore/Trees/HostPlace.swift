import Glibc
import SystemPackage

/// A file or folder of this host, or where one could be, through all links.
struct HostPlace {
    let path: FilePath
    let standing: CopyPlacement.Standing

    var parent: FilePath { path.removingLastComponent() }

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
        let plain = FilePath(text).lexicallyNormalized()
        let folder = plain.removingLastComponent()
        // From the root on: what becomes a process's root can't be its working folder by name.
        guard let resolved = realpath(folder.isEmpty ? "." : folder.string, nil), let name = plain.lastComponent,
            stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFDIR
        else { throw TreeFailure("no such folder: \(folder)") }
        defer { free(resolved) }
        path = FilePath(platformString: resolved).appending(name)
        standing = .nothing
    }
}
