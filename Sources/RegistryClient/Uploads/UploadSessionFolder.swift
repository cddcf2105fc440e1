import ConfigurationText
import FoundationEssentials
import Glibc
import ImageSpec
import SystemPackage

/// The upload sessions of pushes that have not ended: a file each in a folder.
///
/// Removed when the blob is at its target; what nobody came back to goes after a while, for registries forget
/// sessions too.
package struct UploadSessionFolder: UploadMemory {
    /// In seconds: a week, which is when registries have usually given an upload up.
    private static let lifetime = 7 * 24 * 3600
    /// In bytes.
    private static let longestFile = 64 << 10

    private let path: FilePath

    /// - Parameter path: the folder, which is made when it isn't there.
    /// - Throws: ``FileError``.
    package init(_ path: FilePath) throws {
        self.path = path
        try Self.makeFolder(path)
    }

    private static func makeFolder(_ path: FilePath) throws {
        guard mkdir(path.string, 0o700) != 0, errno != EEXIST else { return }
        let parent = path.removingLastComponent()
        guard errno == ENOENT, !parent.isEmpty else {
            throw FileError(operation: "create the folder", path: path, code: Errno(rawValue: errno))
        }
        try makeFolder(parent)
        try makeFolder(path)
    }

    package func withLock<Value>(on target: UploadTarget, _ body: () async throws -> Value) async throws -> Value {
        let lock = try await LockFile.acquire(at: path.appending(Self.name(of: target) + ".lock"))
        defer { lock.release() }
        return try await body()
    }

    package func session(for target: UploadTarget) throws -> String? {
        let file = file(of: target)
        let bytes = try FileError.naming("read", file) {
            try BoundedFile.readIfPresent(file, limit: Self.longestFile)
        }
        let record = bytes.flatMap { try? JSONDecoder().decode(Record.self, from: Data($0)) }
        return record.flatMap { $0.describes(target) ? $0.session : nil }
    }

    package func remember(_ session: String, for target: UploadTarget) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(Record(target, session: session))
        let (new, file) = (path.appending(Self.name(of: target) + ".new"), file(of: target))
        // Nobody else writes it: the target is locked.
        try FileError.naming("write", new) {
            let opened = try FileDescriptor.open(
                new,
                .writeOnly,
                options: [.create, .truncate, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite]
            )
            try opened.closeAfter {
                _ = try opened.writeAll(bytes)
                guard fsync(opened.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        }
        guard rename(new.string, file.string) == 0 else {
            throw FileError(operation: "rename", path: new, code: Errno(rawValue: errno))
        }
        try FileError.naming("flush", path) {
            let folder = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
            try folder.closeAfter {
                guard fsync(folder.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        }
    }

    package func forget(_ target: UploadTarget) throws {
        let file = file(of: target)
        guard unlink(file.string) != 0, errno != ENOENT else { return }
        throw FileError(operation: "delete", path: file, code: Errno(rawValue: errno))
    }

    /// Removes what nobody will go on with.
    package func removeOld() {
        let oldest = time(nil) - Self.lifetime
        for name in names {
            var status = stat()
            let path = path.appending(name).string
            if lstat(path, &status) == 0, status.st_mtim.tv_sec < oldest { unlink(path) }
        }
    }

    /// As ``removeOld()``, and the locks of killed processes too.
    package func sweep() throws {
        removeOld()
        for name in names where name.hasSuffix(".lock") { try LockFile.removeIfFree(path.appending(name)) }
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path.string)) ?? [] }

    private func file(of target: UploadTarget) -> FilePath {
        path.appending(Self.name(of: target) + ".json")
    }

    /// Names of repositories are longer than names of files may be.
    private static func name(of target: UploadTarget) -> String {
        Digest.of("\(target.registry)/\(target.repository)@\(target.digest)".utf8).hex
    }

    /// What stands in a file.
    private struct Record: Codable {
        let registry: String
        let repository: String
        let digest: String
        let session: String

        init(_ target: UploadTarget, session: String) {
            registry = target.registry.rawValue
            repository = "\(target.repository)"
            digest = "\(target.digest)"
            self.session = session
        }

        func describes(_ target: UploadTarget) -> Bool {
            registry == target.registry.rawValue && repository == "\(target.repository)" && digest == "\(target.digest)"
        }
    }
}
