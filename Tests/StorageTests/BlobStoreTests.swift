import Foundation
import ImageSpec
import NIOCore
import Storage
import SystemPackage
import TestSupport
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

    @Test("tell the size and digest of what is stored, and of nothing", arguments: Driver.allCases)
    func sizes(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            #expect(try await store.size(ofUpload: id) == nil)
            try await write("hello", to: id, at: 0, of: store)
            #expect(try await store.size(ofUpload: id) == 5)
            let digest = Digest.of(Array("hello".utf8))
            let location = try await store.storeUpload(id, as: digest)
            #expect(try await store.size(ofUpload: id) == nil)
            #expect(try await store.size(of: location) == 5)
            #expect(try await store.digest(of: location, by: .sha256) == digest)
            #expect(try await store.digest(of: location, by: .sha512) == .of(Array("hello".utf8), by: .sha512))
            try await store.remove(location)
            #expect(try await store.size(of: location) == nil)
            await #expect(throws: StorageError.self) { try await store.digest(of: location, by: .sha256) }
        }
    }

    @Test("turn stored bytes back into an upload that goes on, or drop them", arguments: Driver.allCases)
    func takeBack(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("hello", to: id, at: 0, of: store)
            let location = try await store.storeUpload(id, as: .of(Array("hello".utf8)))
            try await store.returnToUpload(id, from: location)
            #expect(try await store.size(of: location) == nil)
            guard let size = try await store.size(ofUpload: id) else { return }
            #expect(size == 5)
            try await write(" again", to: id, at: 5, of: store)
            #expect(try await store.digestOfUpload(id, by: .sha256) == .of(Array("hello again".utf8)))
        }
    }

    @Test("list all that is stored, page by page, each once and in order", arguments: Driver.allCases)
    func list(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            #expect(try await store.storedBytes(after: nil, limit: 10) == [])
            var expected: [BlobLocation: Digest] = [:]
            for number in 0..<40 {
                let text = "blob \(number / 2)"
                let digest = Digest.of(Array(text.utf8), by: number % 4 < 2 ? .sha256 : .sha512)
                let id = UploadID()
                try await write(text, to: id, at: 0, of: store)
                expected[try await store.storeUpload(id, as: digest)] = digest
            }
            let again = try driver.open(folder)
            for limit in [1, 7, 40, 41] {
                var found: [StoredBytes] = []
                while case let page = try await again.storedBytes(after: found.last?.location, limit: limit),
                    !page.isEmpty
                {
                    #expect(page.count <= limit)
                    found += page
                }
                #expect(found.map(\.location.rawValue) == expected.keys.map(\.rawValue).sorted())
                #expect(found.allSatisfy { $0.digest == expected[$0.location] && (6...7).contains($0.size) })
            }
        }
    }

    @Test("know what may be about to become a blob from what was left behind", arguments: Driver.allCases)
    func settled(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let id = UploadID()
            try await write("mine", to: id, at: 0, of: store)
            _ = try await store.storeUpload(id, as: .of(Array("mine".utf8)))
            #expect(try await store.storedBytes(after: nil, limit: 10).map(\.isSettled) == [false])
            #expect(try await driver.open(folder).storedBytes(after: nil, limit: 10).map(\.isSettled) == [true])
        }
    }

    @Test("list the uploads of which bytes are there, page by page", arguments: Driver.allCases)
    func listUploads(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            #expect(try await store.uploadBytes(after: nil, limit: 10) == [])
            var ids: [UploadID] = []
            for length in 1...5 {
                ids.append(UploadID())
                try await write(String(repeating: "x", count: length), to: ids[length - 1], at: 0, of: store)
            }
            let expected = ids.enumerated().map { UploadBytes(id: $1, size: Int64($0 + 1)) }
                .sorted { $0.id.rawValue < $1.id.rawValue }
            #expect(try await store.uploadBytes(after: nil, limit: 5) == expected)
            #expect(try await store.uploadBytes(after: expected[1].id, limit: 2) == Array(expected[2...3]))
            #expect(try await store.uploadBytes(after: expected[4].id, limit: 2) == [])
        }
    }

    @Test("know how much room there is, or that there is no bound", arguments: Driver.allCases)
    func space(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            guard let space = try await driver.open(folder).space() else { return }
            #expect(space.free > 0)
            #expect(space.free <= space.total)
        }
    }
}
