import Glibc
import SystemPackage

extension Errno {
    /// What the last system call of this thread failed with.
    static var current: Errno { Errno(rawValue: errno) }
}

/// `path` from the root on.
func absolute(_ path: FilePath) throws -> FilePath {
    guard path.isRelative else { return path }
    guard let current = getcwd(nil, 0) else {
        throw SandboxError.system(operation: "find", path: path, .current)
    }
    defer { free(current) }
    return FilePath(platformString: current).pushing(path)
}

/// Makes the folder `path` with exactly `mode`.
func makeFolder(_ path: FilePath, mode: mode_t) throws {
    guard mkdir(path.string, mode) == 0, chmod(path.string, mode) == 0 else {
        throw SandboxError.system(operation: "make the folder", path: path, .current)
    }
}

/// Makes the folder `path` and the ones above it, as far as they are missing.
func makeFolders(_ path: FilePath, mode: mode_t) throws {
    if mkdir(path.string, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, path.removingLastComponent() != path else {
        throw SandboxError.system(operation: "make the folder", path: path, .current)
    }
    try makeFolders(path.removingLastComponent(), mode: 0o755)
    guard mkdir(path.string, mode) == 0 || errno == EEXIST else {
        throw SandboxError.system(operation: "make the folder", path: path, .current)
    }
}

/// Puts a file with `bytes` in the place of the one at `path`, in one step.
///
/// - Parameter isDurable: whether it is on the disk, and stays there, when this returns.
func replaceFile(at path: FilePath, with bytes: [UInt8], isDurable: Bool) throws {
    let temporary = FilePath(path.string + ".new")
    let descriptor = open(temporary.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SandboxError.system(operation: "write", path: temporary, .current) }
    do {
        defer { close(descriptor) }
        try FileDescriptor(rawValue: descriptor).writeAll(bytes)
        guard !isDurable || fsync(descriptor) == 0 else {
            throw SandboxError.system(operation: "write", path: temporary, .current)
        }
    }
    guard rename(temporary.string, path.string) == 0 else {
        throw SandboxError.system(operation: "replace", path: path, .current)
    }
    if isDurable { try synchronizeFolder(path.removingLastComponent()) }
}

/// Makes the names in `folder` durable.
func synchronizeFolder(_ folder: FilePath) throws {
    let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: folder, .current) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SandboxError.system(operation: "write", path: folder, .current) }
}
