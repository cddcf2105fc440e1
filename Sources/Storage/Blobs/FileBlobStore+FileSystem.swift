import Glibc
import SystemPackage

extension FileBlobStore {
    /// Makes `path` and the folders above it, each durable in the one above.
    static func makeFolders(_ path: FilePath) throws {
        let error = mkdir(path.string, 0o700) == 0 ? nil : Errno(rawValue: errno)
        switch error {
        case nil, .fileExists:
            // Whoever made it, now or a moment ago, may not have synced it yet.
            try synchronize(path.removingLastComponent())
        case .noSuchFileOrDirectory:
            try makeFolders(path.removingLastComponent())
            try makeFolders(path)
        case let error?:
            throw StorageError(error, during: "make the folder", of: path)
        }
    }

    /// Makes `path` and the folders in it that blobs are spread over, all durable, so that storing a blob need not.
    static func makeBlobFolders(_ path: FilePath) throws {
        try makeFolders(path)
        for prefix in UInt8.min...UInt8.max {
            let folder = path.appending((prefix < 16 ? "0" : "") + String(prefix, radix: 16))
            guard mkdir(folder.string, 0o700) == 0 || errno == EEXIST else {
                throw StorageError(Errno(rawValue: errno), during: "make the folder", of: folder)
            }
        }
        try synchronize(path)
    }

    /// Returns when the content of the file at `path` would survive a crash of the machine.
    static func synchronizeContent(_ path: FilePath) throws {
        let descriptor = try fileSystem("open", path) { try FileDescriptor.open(path, .readOnly) }
        defer { try? descriptor.close() }
        try synchronizeContent(of: descriptor, at: path)
    }

    static func synchronizeContent(of descriptor: FileDescriptor, at path: FilePath) throws {
        guard fdatasync(descriptor.rawValue) == 0 else {
            throw StorageError(Errno(rawValue: errno), during: "sync", of: path)
        }
    }

    /// Returns when the folder at `path`, and which files are in it, would survive a crash of the machine.
    static func synchronize(_ path: FilePath) throws {
        let opened = path.isEmpty ? FilePath(".") : path
        let descriptor = try fileSystem("open", opened) { try FileDescriptor.open(opened, .readOnly) }
        defer { try? descriptor.close() }
        guard fsync(descriptor.rawValue) == 0 else {
            throw StorageError(Errno(rawValue: errno), during: "sync", of: opened)
        }
    }

    /// Moves a file whose content is durable, so that its new name is, too; it keeps the old one when that can't be: whoever
    /// sent the bytes can go on with them.
    static func moveDurably(_ source: FilePath, to target: FilePath) throws {
        try fileSystem("rename to \(target)", source) { try rename(source, to: target) }
        do {
            try synchronize(target.removingLastComponent())
        } catch {
            try? rename(target, to: source)
            throw error
        }
    }

    static func unlinkIfPresent(_ path: FilePath) throws {
        guard unlink(path.string) != 0, errno != ENOENT else { return }
        throw StorageError(Errno(rawValue: errno), during: "remove", of: path)
    }
}

func rename(_ source: FilePath, to target: FilePath) throws {
    guard Glibc.rename(source.string, target.string) == 0 else { throw Errno(rawValue: errno) }
}

/// Runs `work` and says what it was doing to which file when it fails.
func fileSystem<Result>(_ operation: String, _ path: FilePath, _ work: () throws -> Result) throws -> Result {
    do {
        return try work()
    } catch let error as Errno {
        throw StorageError(error, during: operation, of: path)
    }
}
