import Glibc
import SystemPackage

/// The sum of the lengths of all files below a folder, in bytes, as docker counts what a container wrote.
///
/// No link is followed, and no folder is entered that is not the one that was looked at.
struct FolderSize {
    /// As deep as it looks.
    private static let maximumDepth = 256

    private(set) var bytes: Int64 = 0

    init(of folder: FilePath) throws {
        let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: folder, .current) }
        add(descriptor, depth: 0)
    }

    /// Closes `folder`.
    private mutating func add(_ folder: Int32, depth: Int) {
        guard let stream = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) + [0] }
                .map { CChar(bitPattern: $0) }
            guard name != [46, 0], name != [46, 46, 0] else { continue }
            var status = stat()
            guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFREG { bytes += Int64(status.st_size) }
            guard status.st_mode & S_IFMT == S_IFDIR, depth < Self.maximumDepth else { continue }
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if inner >= 0 { add(inner, depth: depth + 1) }
        }
    }
}

extension Container {
    /// How much its writable layer has, in bytes.
    package func writtenBytes() throws -> Int64 { try FolderSize(of: folder.appending("upper")).bytes }
}

extension Volume {
    /// How much it has, in bytes.
    package func contentBytes() throws -> Int64 { try FolderSize(of: folder).bytes }
}
