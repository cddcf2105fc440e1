import Glibc
import SystemPackage

/// A file without a name, which goes when its last descriptor does.
func unnamedFile() throws -> FileDescriptor {
    let path = FilePath("/tmp/berth-tests-\(UInt64.random(in: 0 ... .max))")
    let file = try FileDescriptor.open(
        path,
        .readWrite,
        options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: .ownerReadWrite
    )
    unlink(path.string)
    return file
}

/// All bytes of a file, wherever its offset stands.
func contents(of file: FileDescriptor) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while let count = try? buffer.withUnsafeMutableBytes({
        try file.read(fromAbsoluteOffset: Int64(bytes.count), into: $0)
    }),
        count > 0
    {
        bytes += buffer[..<count]
    }
    return bytes
}

/// All bytes of the file at `path`.
func contents(ofFileAt path: FilePath) throws -> [UInt8] {
    try FileDescriptor.withOpen(path) { try $0.readToEnd() }
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

/// Makes a folder, and those above it that are missing.
func makeFolder(_ path: FilePath) throws {
    if !path.removingLastComponent().isEmpty, access(path.removingLastComponent().string, F_OK) != 0 {
        try makeFolder(path.removingLastComponent())
    }
    guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
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

extension FileDescriptor {
    static func withOpen<Result>(_ path: FilePath, _ body: (FileDescriptor) throws -> Result) throws -> Result {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter { try body(file) }
    }

    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = try buffer.withUnsafeMutableBytes({ try read(into: $0) }), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }
}
