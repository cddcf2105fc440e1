import Glibc
import SystemPackage

/// A folder of a test's own.
enum TemporaryFolder {
    /// Runs `body` with a new folder, which is removed after.
    static func use(_ body: (FilePath) async throws -> Void) async throws {
        var template = Array("/tmp/berth-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let folder = FilePath(platformString: template)
        defer { remove(folder) }
        try await body(folder)
    }

    private static func remove(_ folder: FilePath) {
        for name in (try? names(in: folder)) ?? [] {
            let path = folder.appending(name)
            if unlink(path.string) != 0 { remove(path) }
        }
        rmdir(folder.string)
    }
}

/// Writes `text` to a new file at `path`.
func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead]
    )
    _ = try file.closeAfter { try file.writeAll(text.utf8) }
}

/// All that is in the file at `path`.
func text(of path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

/// The names in a folder, sorted, without `.` and `..`.
func names(in folder: FilePath) throws -> [String] {
    guard let stream = opendir(folder.string) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}
