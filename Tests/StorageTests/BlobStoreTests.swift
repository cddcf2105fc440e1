import Foundation
import ImageSpec
import NIOCore
import Storage
import SystemPackage
import Testing

/// What every blob store must do, whatever it stores blobs in.
@Suite("Blob stores")
struct BlobStoreTests {
    enum Driver: CaseIterable {
        case file

        func open(_ folder: FilePath) throws -> any BlobStore {
            switch self {
            case .file: try FileBlobStore(root: folder)
            }
        }
    }

    private func bytes(of blob: OpenBlob) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(blob.size))
        let count = try buffer.withUnsafeMutableBytes { try blob.descriptor.read(fromAbsoluteOffset: 0, into: $0) }
        return Array(buffer[..<count])
    }

    private func write(_ text: String, to id: UploadID, at offset: Int64, of store: any BlobStore) async throws {
        let appender = try await store.openUpload(id, at: offset)
        try await appender.append(text.map { ByteBuffer(string: String($0)) })
        try await appender.synchronize()
        await appender.close()
    }

    @Test("store an upload as a blob that can be read", arguments: Driver.allCases)
    func store(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("hello ", to: id, at: 0, of: store)
            try await write("world", to: id, at: 6, of: store)
            let digest = Digest.of(Array("hello world".utf8))
            #expect(try await store.digestOfUpload(id, by: .sha256) == digest)
            let location = try await store.storeUpload(id, as: digest)
            #expect(try bytes(of: await store.open(location)) == Array("hello world".utf8))
            // A new store on the same place finds it too.
            #expect(try bytes(of: await driver.open(folder).open(location)) == Array("hello world".utf8))
        }
    }

    @Test("drop what lies behind the offset at which an upload goes on", arguments: Driver.allCases)
    func truncate(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("hello wrong", to: id, at: 0, of: store)
            try await write("you", to: id, at: 6, of: store)
            #expect(try await store.digestOfUpload(id, by: .sha256) == Digest.of(Array("hello you".utf8)))
        }
    }

    @Test("say when fewer bytes are there than were acknowledged", arguments: Driver.allCases)
    func lostBytes(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("hello", to: id, at: 0, of: store)
            await #expect(throws: StorageError.uploadTruncated(id, expected: 9, found: 5)) {
                try await store.openUpload(id, at: 9)
            }
        }
    }

    @Test("store the same bytes twice at two locations, and drop one without the other", arguments: Driver.allCases)
    func generations(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let digest = Digest.of(Array("same".utf8))
            var locations: [BlobLocation] = []
            for _ in 0..<2 {
                let id = UploadID()
                try await write("same", to: id, at: 0, of: store)
                locations.append(try await store.storeUpload(id, as: digest))
            }
            #expect(locations[0] != locations[1])
            try await store.remove(locations[0])
            try await store.remove(locations[0])
            await #expect(throws: StorageError.self) { try await store.open(locations[0]) }
            #expect(try bytes(of: await store.open(locations[1])) == Array("same".utf8))
        }
    }

    @Test("keep an open blob readable when it is removed meanwhile", arguments: Driver.allCases)
    func removeWhileOpen(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("still here", to: id, at: 0, of: store)
            let location = try await store.storeUpload(id, as: .of(Array("still here".utf8)))
            let open = try await store.open(location)
            try await store.remove(location)
            #expect(try bytes(of: open) == Array("still here".utf8))
        }
    }

    @Test("discard an upload, and one that isn't there", arguments: Driver.allCases)
    func discard(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("x", to: id, at: 0, of: store)
            try await store.discardUpload(id)
            try await store.discardUpload(id)
            await #expect(throws: StorageError.uploadTruncated(id, expected: 1, found: 0)) {
                try await store.openUpload(id, at: 1)
            }
        }
    }
}
