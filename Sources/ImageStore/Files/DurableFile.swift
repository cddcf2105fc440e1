import Glibc
import SystemPackage

/// Writing files so that after a crash each is there whole or not at all.
enum DurableFile {
    /// Creates the folder at `path` and those above it that are missing.
    static func createFolder(_ path: FilePath) throws(ImageStoreError) {
        guard mkdir(path.string, 0o700) != 0 else { return }
        switch errno {
        case EEXIST:
            return
        case ENOENT where !path.removingLastComponent().isEmpty:
            try createFolder(path.removingLastComponent())
            guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { fallthrough }
        default:
            throw .fileSystem(operation: "create the folder", path: path, Errno(rawValue: errno))
        }
    }

    /// The bytes of the file at `path`.
    ///
    /// - Throws: ``ImageStoreError/invalidLayout(_:reason:)`` when it has more than `limit`.
    static func read(_ path: FilePath, limit: Int) throws(ImageStoreError) -> [UInt8] {
        let file = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? file.close() }
        let size = try size(of: file, at: path)
        guard size <= limit else {
            throw .invalidLayout(path, reason: "it has \(size) bytes, more than the \(limit) that are read")
        }
        return try naming("read", path) {
            try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                let room = UnsafeMutableRawBufferPointer(buffer)
                while count < room.count {
                    let read = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
                    guard read > 0 else { break }
                    count += read
                }
            }
        }
    }

    /// Writes `bytes` to a new file in `temporaryFolder`, then moves it to `path`, over what stood there.
    static func write(_ bytes: [UInt8], to path: FilePath, by temporaryFolder: FilePath) throws(ImageStoreError) {
        let temporary = uniquePath(in: temporaryFolder)
        do {
            let file = try naming("create", temporary) {
                try FileDescriptor.open(
                    temporary,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            }
            defer { try? file.close() }
            try naming("write", temporary) { _ = try file.writeAll(bytes) }
            try system("flush", temporary) { fsync(file.rawValue) }
            try move(temporary, to: path)
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    /// Renames a flushed file; when this returns the new name is durable.
    static func move(_ source: FilePath, to target: FilePath) throws(ImageStoreError) {
        try system("rename to \(target)", source) { rename(source.string, target.string) }
        try synchronizeFolder(target.removingLastComponent())
    }

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ path: FilePath) throws(ImageStoreError) {
        let folder = try naming("open", path) {
            try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        }
        defer { try? folder.close() }
        try system("flush", path) { fsync(folder.rawValue) }
    }

    static func exists(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0
    }

    /// In bytes.
    static func size(of file: FileDescriptor, at path: FilePath) throws(ImageStoreError) -> Int64 {
        var status = stat()
        try system("look at", path) { fstat(file.rawValue, &status) }
        return Int64(status.st_size)
    }

    /// A name in `folder` that no other process or task uses, and that says whose it is.
    ///
    /// - SeeAlso: ``TemporaryName``.
    static func uniquePath(in folder: FilePath) -> FilePath {
        folder.appending(TemporaryName.new().rawValue)
    }

    /// The names in a folder; empty when there is none.
    static func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
