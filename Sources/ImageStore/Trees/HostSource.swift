import Glibc
import SystemPackage

/// A file or folder of this host that is to be copied.
struct HostSource {
    /// What is read.
    let path: FilePath
    let source: CopySource

    /// - Parameter followsLink: whether a link at the end of the path is followed.
    /// - Throws: ``TreeFailure`` when nothing is there.
    init(_ text: String, followsLink: Bool) throws(TreeFailure) {
        let assertsFolder = CopyPath.assertsFolder(text)
        var status = stat()
        let plain = FilePath(text)
        guard (followsLink || assertsFolder ? stat(text, &status) : lstat(plain.string, &status)) == 0 else {
            throw TreeFailure("can't look at \(text): \(Errno(rawValue: errno))")
        }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let resolved = isFolder || followsLink ? realpath(text, nil) : nil
        defer { free(resolved) }
        path = resolved.map { FilePath(platformString: $0) } ?? plain
        let meansContent = text.hasSuffix("/.") || text == "."
        let name = plain.lexicallyNormalized().lastComponent ?? path.lastComponent
        source = CopySource(
            path: text,
            name: meansContent ? nil : (name?.kind == .regular ? name : path.lastComponent)?.string,
            isFolder: isFolder
        )
    }
}
