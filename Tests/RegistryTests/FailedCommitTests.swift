import Foundation
import GRDB
import ImageSpec
import Logging
import NIOCore
import Registry
import Storage
import SystemPackage
import Testing

@Suite("A blob whose row can't be written")
struct FailedCommitTests {
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName

    init() throws {
        app = try RepositoryName("app")
    }

    /// Gives a registry, and a way to make its database refuse new blobs, and take them again.
    private func withRegistry(_ body: (Registry, FileBlobStore, (Bool) throws -> Void) async throws -> Void)
        async throws
    {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let blobs = try FileBlobStore(root: FilePath(path))
        let file = FilePath(path).appending("registry.sqlite")
        let registry = Registry(blobs: blobs, metadata: try SQLiteMetadataStore(path: file))
        try await body(registry, blobs) { refuses in
            let database = try DatabaseQueue(path: file.string)
            try database.write { database in
                try database.execute(
                    sql: refuses
                        ? "CREATE TRIGGER refuse BEFORE INSERT ON blobs BEGIN SELECT RAISE(ABORT, 'no'); END"
                        : "DROP TRIGGER refuse"
                )
            }
            try database.close()
        }
    }

    @Test("stays an upload with all that came, and is ended when it can be")
    func keepsUpload() async throws {
        try await withRegistry { registry, blobs, refuseBlobs in
            let bytes = [UInt8](repeating: 7, count: 900_000)
            let digest = Digest.of(bytes)
            let session = try await registry.startUpload(in: app, as: caller)
            try refuseBlobs(true)
            await #expect(throws: (any Error).self) {
                try await registry.finishUpload(session.id, with: TestBody(bytes), as: digest, in: app, as: caller)
            }
            #expect(try await registry.upload(session.id, in: app, as: caller).offset == 900_000)
            #expect(try await blobs.storedBytes(after: nil, limit: 10) == [])
            await #expect(throws: RegistryError.blobUnknown(digest)) {
                try await registry.blobSize(digest, in: app, as: caller)
            }

            try refuseBlobs(false)
            _ = try await registry.finishUpload(session.id, with: TestBody([]), as: digest, in: app, as: caller)
            #expect(try await registry.openBlob(digest, in: app, as: caller).size == 900_000)
            #expect(try await blobs.uploadBytes(after: nil, limit: 10) == [])
        }
    }

    @Test("leaves nothing when its session was told to nobody")
    func singlePost() async throws {
        try await withRegistry { registry, blobs, refuseBlobs in
            try refuseBlobs(true)
            await #expect(throws: (any Error).self) {
                try await registry.upload(TestBody([1, 2, 3]), as: .of([1, 2, 3]), in: app, as: caller)
            }
            #expect(try await blobs.storedBytes(after: nil, limit: 10) == [])
            #expect(try await blobs.uploadBytes(after: nil, limit: 10) == [])
        }
    }
}
