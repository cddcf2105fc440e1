import ConfigurationText
import Glibc
import SystemPackage

/// A file that holds credentials, in docker's form.
struct CredentialFile: Sendable {
    /// In bytes.
    private static let maximumSize = 4 << 20

    let path: FilePath

    /// What the file holds; nil when there is none.
    ///
    /// - Throws: ``CredentialError``.
    func read() throws(CredentialError) -> CredentialDocument? {
        let bytes: [UInt8]?
        do {
            bytes = try BoundedFile.readIfPresent(path, limit: Self.maximumSize)
        } catch Errno.fileTooLarge {
            throw .invalidFile(path.string, reason: "it has more than \(Self.maximumSize) bytes")
        } catch {
            throw .fileSystem(operation: "read", path: path, Self.code(of: error))
        }
        guard let bytes else { return nil }
        return try CredentialDocument(parsing: bytes, name: path.string)
    }

    /// Changes the file, which is there whole or as it was, whatever happens; only its owner can read it then.
    ///
    /// Two that change it at once do so one after the other. Docker's own changes know no lock.
    ///
    /// - Throws: ``CredentialError``.
    func update(_ change: (inout CredentialDocument) -> Void) throws {
        let folder = path.removingLastComponent()
        try Self.createFolder(folder)
        let lock = try Self.naming("open", folder) {
            try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
        }
        defer { try? lock.close() }
        while flock(lock.rawValue, LOCK_EX) == -1 {
            guard errno == EINTR else {
                throw CredentialError.fileSystem(operation: "lock", path: folder, Errno(rawValue: errno))
            }
        }
        var document = try read() ?? CredentialDocument()
        let before = document
        change(&document)
        guard document != before else { return }
        try write(document.bytes())
    }

    private func write(_ bytes: [UInt8]) throws {
        let target = Self.target(of: path)
        let temporary = FilePath("\(target.string).\(UInt64.random(in: 0...UInt64.max))")
        do {
            let file = try Self.naming("create", temporary) {
                try FileDescriptor.open(
                    temporary,
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: .ownerReadWrite
                )
            }
            defer { try? file.close() }
            var status = stat()
            // Who becomes root for one login must not take the file from its owner.
            if stat(target.string, &status) == 0 { _ = fchown(file.rawValue, status.st_uid, status.st_gid) }
            try Self.naming("write", temporary) {
                try file.writeAll(bytes)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(temporary.string, target.string) == 0 else {
                throw CredentialError.fileSystem(operation: "replace", path: target, Errno(rawValue: errno))
            }
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    /// Who keeps the file elsewhere and a link here keeps the link.
    private static func target(of path: FilePath) -> FilePath {
        guard let resolved = realpath(path.string, nil) else { return path }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }

    private static func createFolder(_ path: FilePath) throws(CredentialError) {
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

    private static func naming<Value>(
        _ operation: String,
        _ path: FilePath,
        _ body: () throws -> Value
    ) throws(CredentialError) -> Value {
        do {
            return try body()
        } catch {
            throw .fileSystem(operation: operation, path: path, code(of: error))
        }
    }

    private static func code(of error: any Error) -> Errno { error as? Errno ?? .ioError }
}
