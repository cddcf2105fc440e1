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

/// The bytes of the file at `path`; nil where there is none.
///
/// - Throws: ``SandboxError/system(operation:path:_:)``, also of a file larger than `limit` bytes.
func readFile(at path: FilePath, limit: Int) throws -> [UInt8]? {
    let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SandboxError.system(operation: "read", path: path, .current)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SandboxError.system(operation: "read", path: path, .current) }
    guard status.st_size <= limit else { throw SandboxError.system(operation: "read", path: path, .fileTooLarge) }
    return try [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
        while count < buffer.count {
            let read = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            guard read >= 0 || errno == EINTR else {
                throw SandboxError.system(operation: "read", path: path, .current)
            }
            if read == 0 { return }
            count += max(read, 0)
        }
    }
}

/// The names in a folder, but for `.` and `..`.
func names(in folder: FilePath) throws -> [String] {
    guard let stream = opendir(folder.string) else {
        throw SandboxError.system(operation: "list", path: folder, .current)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Nanoseconds since 1970.
func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Runs `body` while nobody else does so with the same folder; waits for its turn.
func withExclusiveLock<Value>(on folder: FilePath, _ body: () throws -> Value) throws -> Value {
    let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: folder, .current) }
    // Closing it unlocks it.
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else { throw SandboxError.system(operation: "lock", path: folder, .current) }
    }
    return try body()
}
