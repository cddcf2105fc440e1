import ImageSpec
import NIOCore
import Storage
import TestSupport
import Testing

@Suite("Partial blobs in files")
struct DownloadStoreTests {
    private let content: [UInt8] = [1, 2, 3]

    private func withStore(_ body: (FileBlobStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = try FileBlobStore(root: folder)
            try await body(store)
            try await store.close()
        }
    }

    @Test("a download goes on with what came and what was noted of it")
    func goesOn() async throws {
        try await withStore { store in
            let first = try await store.openDownload(.of(content), size: 3)
            try await first.write(ByteBuffer(bytes: content), at: 0)
            try await first.saveProgress([7])
            let second = try await store.openDownload(.of(content), size: 3)
            #expect(try await second.progress() == [7])
            #expect(try await Array(second.read(0..<3).readableBytesView) == content)
        }
    }

    @Test("a download that begins anew knows nothing of one that became a blob when its process was killed")
    func beginsAnew() async throws {
        try await withStore { store in
            let first = try await store.openDownload(.of(content), size: 3)
            try await first.write(ByteBuffer(bytes: content), at: 0)
            _ = try await store.storeDownload(first)
            // What a kill between the two steps leaves behind.
            try await first.saveProgress([7])
            let second = try await store.openDownload(.of(content), size: 3)
            #expect(try await second.progress() == nil)
        }
    }
}
