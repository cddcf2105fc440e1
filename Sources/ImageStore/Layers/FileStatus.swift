import Glibc
import SystemPackage

/// What stands at a path.
struct FileStatus {
    let status: stat

    init(_ status: stat) {
        self.status = status
    }

    /// Looks at the path itself, also when it is a symbolic link; nil when nothing is there.
    init?(at path: FilePath) {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
        self.status = status
    }

    init?(of path: LayerPath) {
        var status = stat()
        guard lstat(path.bytes, &status) == 0 else { return nil }
        self.status = status
    }

    /// Looks at what the path leads to.
    init?(following path: LayerPath) {
        var status = stat()
        guard stat(path.bytes, &status) == 0 else { return nil }
        self.status = status
    }

    /// Which of `S_IFMT`'s kinds it is.
    var kind: mode_t { status.st_mode & S_IFMT }
    var isFolder: Bool { kind == S_IFDIR }
    /// Whether it is overlayfs's sign that nothing below is seen here.
    var isWhiteout: Bool { kind == S_IFCHR && status.st_rdev == 0 }
    var inode: ino_t { status.st_ino }
}
