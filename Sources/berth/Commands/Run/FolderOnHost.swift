import Glibc
import SystemPackage

/// A place on the host that a container is to see.
struct FolderOnHost {
    let path: FilePath

    init(_ path: String) {
        self.path = FilePath(path)
    }

    /// Whether anything is there.
    var exists: Bool { access(path.string, F_OK) == 0 }

    /// Makes a folder, and those above it, unless something is there.
    func make() throws {
        guard !exists, path.removingLastComponent() != path else { return }
        try FolderOnHost(path.removingLastComponent().string).make()
        guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
            throw ContainerOptionError.unmadeMountSource(path.string, Errno(rawValue: errno))
        }
    }
}
