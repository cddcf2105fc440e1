import FoundationEssentials
import Glibc
import ImageSpec
import RegistryClient
import SystemPackage

/// The upload sessions of pushes that have not ended: a file each in `<root>/uploads`.
///
/// Removed when the blob is at its target; what nobody came back to goes after a while, for registries forget
/// sessions too.
struct UploadSessionFolder: UploadMemory {
    /// In seconds: a week, which is when registries have usually given an upload up.
    private static let lifetime = 7 * 24 * 3600
    /// In bytes.
    private static let longestFile = 64 << 10

    private let folder: FilePath
    private let temporaryFolder: FilePath

    init(root: FilePath) throws(ImageStoreError) {
        folder = root.appending("uploads")
        temporaryFolder = root.appending("tmp")
        try DurableFile.createFolder(folder)
    }

    /// Runs `body` while no other task or process uploads the same to the same place.
    func withLock<Value>(on target: UploadTarget, _ body: () async throws -> Value) async throws -> Value {
        let lock = try await LayerLock.acquire(at: folder.appending(Self.name(of: target) + ".lock"))
        defer { lock.release() }
        return try await body()
    }

    func session(for target: UploadTarget) throws -> String? {
        guard let bytes = try bytes(of: target) else { return nil }
        let record = try? JSONDecoder().decode(Record.self, from: Data(bytes))
        return record.flatMap { $0.describes(target) ? $0.session : nil }
    }

    private func bytes(of target: UploadTarget) throws(ImageStoreError) -> [UInt8]? {
        do {
            return try DurableFile.read(path(of: target), limit: Self.longestFile)
        } catch  where error.isNotFound {
            return nil
        }
    }

    func remember(_ session: String, for target: UploadTarget) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let record = Record(target, session: session)
        try DurableFile.write(Array(encoder.encode(record)), to: path(of: target), by: temporaryFolder)
    }

    func forget(_ target: UploadTarget) throws {
        let path = path(of: target)
        guard unlink(path.string) != 0, errno != ENOENT else { return }
        throw ImageStoreError.fileSystem(operation: "delete", path: path, Errno(rawValue: errno))
    }

    /// Removes what nobody will go on with.
    func removeOld() {
        let oldest = time(nil) - Self.lifetime
        for name in DurableFile.names(in: folder) {
            var status = stat()
            let path = folder.appending(name).string
            if lstat(path, &status) == 0, status.st_mtim.tv_sec < oldest { unlink(path) }
        }
    }

    /// As ``removeOld()``, and the locks of killed processes too.
    func sweep() throws(ImageStoreError) {
        removeOld()
        for name in DurableFile.names(in: folder) where name.hasSuffix(".lock") {
            try LayerLock.removeIfFree(folder.appending(name))
        }
    }

    private func path(of target: UploadTarget) -> FilePath {
        folder.appending(Self.name(of: target) + ".json")
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
