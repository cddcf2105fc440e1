import Foundation
import ImageSpec
import Logging
import NIOCore
import Registry
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("The rules of uploads")
struct UploadRuleTests {
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName

    init() throws {
        app = try RepositoryName("app")
    }

    private func withRegistry(
        _ configuration: RegistryConfiguration = RegistryConfiguration(),
        _ body: (Registry, () throws -> Registry, FilePath) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let open = {
            Registry(
                blobs: try FileBlobStore(root: FilePath(path)),
                metadata: try SQLiteMetadataStore(path: FilePath(path).appending("registry.sqlite")),
                configuration: configuration
            )
        }
        try await body(try open(), open, FilePath(path))
    }

    private func contents(of digest: Digest, in registry: Registry) async throws -> [UInt8] {
        let blob = try await registry.openBlob(digest, in: app, as: caller)
        guard case .stored(let file) = blob.bytes else { return [] }
        var buffer = [UInt8](repeating: 0, count: Int(blob.size))
        _ = try buffer.withUnsafeMutableBytes { try file.descriptor.read(fromAbsoluteOffset: 0, into: $0) }
        return buffer
    }

    @Test("a blob past the bound is refused as soon as it is, one of just the bound is not")
    func size() async throws {
        var configuration = RegistryConfiguration()
        configuration.maximumBlobSize = 100_000
        try await withRegistry(configuration) { registry, _, _ in
            let largest = [UInt8](repeating: 1, count: 100_000)
            let blob = try await registry.upload(TestBody(largest), as: .of(largest), in: app, as: caller)
            #expect(blob.size == 100_000)
            await #expect(throws: RegistryError.blobTooLarge(limit: 100_000)) {
                _ = try await registry.upload(TestBody(largest + [1]), as: .of(largest), in: app, as: caller)
            }
            let session = try await registry.startUpload(in: app, as: caller)
            _ = try await registry.append(TestBody(largest), to: session.id, in: app, as: caller)
            await #expect(throws: RegistryError.blobTooLarge(limit: 100_000)) {
                _ = try await registry.append(TestBody([1]), to: session.id, in: app, as: caller)
            }
            // Nor does what was refused count: trying again and again gets no further.
            #expect(try await registry.upload(session.id, in: app, as: caller).offset == 100_000)
        }
    }

    @Test(
        "a blob is the same however its body is cut into buffers, chunks and restarts",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func anySplit(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var configuration = RegistryConfiguration()
        configuration.uploadCheckpointInterval = 1 << 20
        try await withRegistry(configuration) { registry, reopen, _ in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* Int(seed) &* 2_654_435_761 >> 11) }
            var registry = registry
            let session = try await registry.startUpload(in: app, as: caller)
            var offset = 0
            while offset < bytes.count {
                let end = min(bytes.count, offset + Int.random(in: 1...1_200_000, using: &generator))
                let body = TestBody(Array(bytes[offset..<end]), bufferLengths: [1, 700, 8192, 65_536, 300_000])
                let after = try await registry.append(body, at: Int64(offset), to: session.id, in: app, as: caller)
                #expect(after.offset == end)
                offset = end
                registry = try reopen()
            }
            let digest = Digest.of(bytes)
            _ = try await registry.finishUpload(session.id, with: TestBody([]), as: digest, in: app, as: caller)
            #expect(try await contents(of: digest, in: registry).elementsEqual(bytes))
        }
    }

    @Test("what came before a body broke off is kept, and nothing else")
    func interruption() async throws {
        try await withRegistry { registry, reopen, _ in
            let bytes = [UInt8](repeating: 7, count: 1_500_000)
            let session = try await registry.startUpload(in: app, as: caller)
            let body = TestBody(Array(bytes[..<1_000_000]), bufferLengths: [30_000], failure: BrokenOff())
            await #expect(throws: BrokenOff.self) {
                try await registry.append(body, to: session.id, in: app, as: caller)
            }
            let again = try reopen()
            #expect(try await again.upload(session.id, in: app, as: caller).offset == 1_000_000)
            let rest = TestBody(Array(bytes[1_000_000...]))
            let digest = Digest.of(bytes)
            _ = try await again.finishUpload(session.id, with: rest, at: 1_000_000, as: digest, in: app, as: caller)
            #expect(try await contents(of: digest, in: again).elementsEqual(bytes))
        }
    }

    @Test("a whole upload in one request that breaks off leaves no session and no bytes")
    func interruptedSinglePost() async throws {
        try await withRegistry { registry, _, folder in
            let body = TestBody([1, 2, 3], failure: BrokenOff())
            await #expect(throws: BrokenOff.self) {
                try await registry.upload(body, as: .of([1, 2, 3]), in: app, as: caller)
            }
            await #expect(throws: RegistryError.blobUnknown(.of([1, 2, 3]))) {
                try await registry.blobSize(.of([1, 2, 3]), in: app, as: caller)
            }
            let uploads = folder.appending("uploads").string
            let left = try FileManager.default.contentsOfDirectory(atPath: uploads)
            #expect(left.isEmpty)
        }
    }

    @Test("a digest of another algorithm than the session began with is proven too")
    func otherAlgorithm() async throws {
        try await withRegistry { registry, _, _ in
            let bytes = Array("content".utf8)
            let session = try await registry.startUpload(in: app, as: caller)
            let digest = Digest.of(bytes, by: .sha512)
            _ = try await registry.finishUpload(session.id, with: TestBody(bytes), as: digest, in: app, as: caller)
            #expect(try await contents(of: digest, in: registry).elementsEqual(bytes))

            let second = try await registry.startUpload(in: app, hashedBy: .sha512, as: caller)
            let wrong = Digest.of([0])
            await #expect(throws: RegistryError.digestMismatch(stated: wrong, computed: .of(bytes))) {
                try await registry.finishUpload(second.id, with: TestBody(bytes), as: wrong, in: app, as: caller)
            }
        }
    }
}

struct BrokenOff: Error {}

/// A body in buffers of the given lengths, in turn, that may fail at its end.
struct TestBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let bytes: [UInt8]
    private let bufferLengths: [Int]
    private let failure: (any Error)?

    init(_ bytes: [UInt8], bufferLengths: [Int] = [10_000], failure: (any Error)? = nil) {
        self.bytes = bytes
        self.bufferLengths = bufferLengths
        self.failure = failure
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(rest: bytes[...], bufferLengths: bufferLengths, failure: failure)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var rest: ArraySlice<UInt8>
        fileprivate let bufferLengths: [Int]
        fileprivate let failure: (any Error)?
        private var count = 0

        fileprivate init(rest: ArraySlice<UInt8>, bufferLengths: [Int], failure: (any Error)?) {
            self.rest = rest
            self.bufferLengths = bufferLengths
            self.failure = failure
        }

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else {
                if let failure { throw failure }
                return nil
            }
            let length = bufferLengths[count % bufferLengths.count]
            count += 1
            defer { rest = rest.dropFirst(length) }
            return ByteBuffer(bytes: rest.prefix(length))
        }
    }
}
