import Foundation
import ImageSpec
import Logging
import NIOCore
import Registry
import Storage
import SystemPackage
import Testing

@Suite("The sweep")
struct SweepTests {
    private let logger = Logger(label: "test")
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName

    init() throws {
        app = try RepositoryName("app")
    }

    private struct Process {
        let blobs: FileBlobStore
        let metadata: SQLiteMetadataStore
        let registry: Registry
    }

    /// Gives what a process holds of the folder, as often as one is started on it.
    private func withFolder(
        uploadTTL: Duration = .seconds(3600),
        _ body: (() throws -> Process) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = RegistryConfiguration()
        configuration.uploadTTL = uploadTTL
        try await body {
            let blobs = try FileBlobStore(root: FilePath(path))
            let metadata = try SQLiteMetadataStore(path: FilePath(path).appending("registry.sqlite"))
            let registry = Registry(blobs: blobs, metadata: metadata, configuration: configuration)
            return Process(blobs: blobs, metadata: metadata, registry: registry)
        }
    }

    private func push(_ text: String, to registry: Registry) async throws -> Digest {
        let bytes = Array(text.utf8)
        return try await registry.upload(TestBody(bytes), as: .of(bytes), in: app, as: caller).digest
    }

    private func pushInChunks(_ text: String, to registry: Registry) async throws {
        let session = try await registry.startUpload(in: app, as: caller)
        for byte in text.utf8 {
            _ = try await registry.append(TestBody([byte]), to: session.id, in: app, as: caller)
        }
        let digest = Digest.of(Array(text.utf8))
        _ = try await registry.finishUpload(session.id, with: TestBody([]), as: digest, in: app, as: caller)
    }

    private func write(_ text: String, to id: UploadID, of blobs: FileBlobStore) async throws {
        let appender = try await blobs.openUpload(id, at: 0)
        try await appender.append([ByteBuffer(string: text)])
        await appender.close()
    }

    @Test("drops what a killed process left behind, and nothing else")
    func litter() async throws {
        try await withFolder { start in
            let first = try start()
            let kept = try await push("kept", to: first.registry)
            // A push that was killed between the rename and the commit, and one whose session's end was not synced.
            let renamed = UploadID()
            try await write("renamed", to: renamed, of: first.blobs)
            let litter = try await first.blobs.storeUpload(renamed, as: .of(Array("renamed".utf8)))
            try await write("forgotten", to: UploadID(), of: first.blobs)
            // A session whose bytes became that litter; and two that go on.
            let lost = try await first.registry.startUpload(in: app, as: caller)
            _ = try await first.registry.append(TestBody([1, 2]), to: lost.id, in: app, as: caller)
            try await first.blobs.discardUpload(lost.id)
            let fresh = try await first.registry.startUpload(in: app, as: caller)
            let begun = try await first.registry.startUpload(in: app, as: caller)
            _ = try await first.registry.append(TestBody([1, 2, 3]), to: begun.id, in: app, as: caller)

            let second = try start()
            let count = try await second.registry.sweepLitter(logger: logger)
            #expect(count.blobs == 1)
            #expect(count.uploads == 1)
            #expect(count.sessions == 1)
            #expect(count.byteCount == 16)
            #expect(try await second.blobs.size(of: litter) == nil)
            #expect(try await second.registry.openBlob(kept, in: app, as: caller).size == 4)
            #expect(try await second.registry.upload(begun.id, in: app, as: caller).offset == 3)
            #expect(try await second.registry.upload(fresh.id, in: app, as: caller).offset == 0)
            await #expect(throws: RegistryError.uploadUnknown(lost.id)) {
                try await second.registry.upload(lost.id, in: app, as: caller)
            }
            #expect(try await second.registry.sweepLitter(logger: logger).isEmpty)
        }
    }

    @Test("leaves alone what this process has just put into place and not yet made known")
    func inFlight() async throws {
        try await withFolder { start in
            let process = try start()
            _ = try await push("known", to: process.registry)
            let id = UploadID()
            try await write("on its way", to: id, of: process.blobs)
            let location = try await process.blobs.storeUpload(id, as: .of(Array("on its way".utf8)))
            #expect(try await process.registry.sweepLitter(logger: logger).isEmpty)
            #expect(try await process.blobs.size(of: location) == 10)
        }
    }

    @Test("may run while pushes go on: none is refused, and every one of them is whole")
    func duringPushes() async throws {
        try await withFolder { start in
            let process = try start()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        while !Task.isCancelled { _ = try await process.registry.sweepLitter(logger: logger) }
                    } catch is CancellationError {}
                }
                try await withThrowingTaskGroup(of: Void.self) { pushes in
                    for client in 0..<4 {
                        pushes.addTask {
                            for number in 0..<10 {
                                try await pushInChunks("blob \(client) \(number)", to: process.registry)
                            }
                        }
                    }
                    try await pushes.waitForAll()
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            for client in 0..<4 {
                for number in 0..<10 {
                    let digest = Digest.of(Array("blob \(client) \(number)".utf8))
                    #expect(try await process.registry.openBlob(digest, in: app, as: caller).size > 0)
                }
            }
        }
    }

    @Test("touches no bytes when the database knows no blob: it may be the wrong one")
    func foreignDatabase() async throws {
        try await withFolder { start in
            let first = try start()
            let id = UploadID()
            try await write("precious", to: id, of: first.blobs)
            let location = try await first.blobs.storeUpload(id, as: .of(Array("precious".utf8)))
            let second = try start()
            #expect(try await second.registry.sweepLitter(logger: logger).blobs == 0)
            #expect(try await second.blobs.size(of: location) == 8)
        }
    }

    @Test("drops sessions that are idle for long enough, but none that has a writer")
    func idle() async throws {
        try await withFolder(uploadTTL: .zero) { start in
            let process = try start()
            let idle = try await process.registry.startUpload(in: app, as: caller)
            _ = try await process.registry.append(TestBody([1, 2, 3]), to: idle.id, in: app, as: caller)
            let busy = try await process.registry.startUpload(in: app, as: caller)
            let (body, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
            async let whole = process.registry.append(body, to: busy.id, in: app, as: caller)
            feed.yield(ByteBuffer(repeating: 7, count: 600_000))
            while try await process.blobs.size(ofUpload: busy.id) ?? 0 == 0 {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await process.registry.sweepIdleUploads(logger: logger) == 1)
            #expect(try await process.blobs.size(ofUpload: idle.id) == nil)
            await #expect(throws: RegistryError.uploadUnknown(idle.id)) {
                try await process.registry.upload(idle.id, in: app, as: caller)
            }
            feed.yield(ByteBuffer(repeating: 8, count: 5))
            feed.finish()
            #expect(try await whole.offset == 600_005)
        }
    }

    @Test("keeps sessions that are not idle for long enough")
    func young() async throws {
        try await withFolder { start in
            let process = try start()
            let session = try await process.registry.startUpload(in: app, as: caller)
            #expect(try await process.registry.sweepIdleUploads(logger: logger) == 0)
            #expect(try await process.registry.upload(session.id, in: app, as: caller).offset == 0)
        }
    }
}
