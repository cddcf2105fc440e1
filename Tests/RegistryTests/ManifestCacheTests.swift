import Foundation
import ImageSpec
import Logging
import Registry
import Storage
import SystemPackage
import Testing

@Suite("The cache of manifests")
struct ManifestCacheTests {
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName
    private let latest = ManifestReference.tag(.latest)

    init() throws {
        app = try RepositoryName("app")
    }

    private func withRegistry(cacheSize: Int, _ body: (Registry) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = RegistryConfiguration()
        configuration.manifestCacheSize = cacheSize
        try await body(
            Registry(
                blobs: try FileBlobStore(root: FilePath(path)),
                metadata: try SQLiteMetadataStore(path: FilePath(path).appending("registry.sqlite")),
                configuration: configuration
            )
        )
    }

    /// Pushes an index with nothing in it but an annotation, which needs no blobs.
    private func push(_ number: Int, as reference: ManifestReference, to registry: Registry) async throws -> Digest {
        let json = #"{"schemaVersion":2,"manifests":[],"annotations":{"number":"\#(number)"}}"#
        return try await registry.putManifest(
            Array(json.utf8),
            contentType: .ociIndex,
            at: reference,
            in: app,
            as: caller
        ).digest
    }

    @Test("a manifest is read from the database once")
    func hits() async throws {
        try await withRegistry(cacheSize: 1 << 20) { registry in
            let digest = try await push(1, as: latest, to: registry)
            for _ in 0..<5 {
                #expect(try await registry.manifest(latest, in: app, as: caller).digest == digest)
                #expect(try await registry.manifest(.digest(digest), in: app, as: caller).digest == digest)
            }
            #expect(registry.manifestCacheUse == (hits: 8, misses: 2))
        }
    }

    @Test("what was deleted is gone at once")
    func deletion() async throws {
        try await withRegistry(cacheSize: 1 << 20) { registry in
            let digest = try await push(1, as: latest, to: registry)
            _ = try await registry.manifest(latest, in: app, as: caller)
            _ = try await registry.manifest(.digest(digest), in: app, as: caller)
            try await registry.deleteManifest(latest, from: app, as: caller)
            await #expect(throws: RegistryError.manifestUnknown(latest)) {
                try await registry.manifest(latest, in: app, as: caller)
            }
            try await registry.deleteManifest(.digest(digest), from: app, as: caller)
            await #expect(throws: RegistryError.manifestUnknown(.digest(digest))) {
                try await registry.manifest(.digest(digest), in: app, as: caller)
            }
        }
    }

    @Test("whoever asks after a push was acknowledged gets what was pushed, however many read at the same time")
    func neverStale() async throws {
        try await withRegistry(cacheSize: 1 << 20) { registry in
            _ = try await push(0, as: latest, to: registry)
            try await withThrowingTaskGroup(of: Void.self) { readers in
                for _ in 0..<6 {
                    readers.addTask {
                        while !Task.isCancelled {
                            _ = try await registry.manifest(latest, in: app, as: caller)
                            // What is in memory is found without waiting: others must come to their turn.
                            await Task.yield()
                        }
                    }
                }
                for number in 1...1500 {
                    let pushed = try await push(number, as: latest, to: registry)
                    // Often enough for a read that began before the push to have come to its end.
                    for _ in 0..<3 {
                        await Task.yield()
                        let found = try await registry.manifest(latest, in: app, as: caller).digest
                        #expect(found == pushed, "push \(number)")
                    }
                }
                readers.cancelAll()
            }
        }
    }

    @Test("it takes no more memory than it may")
    func bound() async throws {
        try await withRegistry(cacheSize: 20_000) { registry in
            for number in 0..<100 { _ = try await push(number, as: .tag(Tag("v\(number)")), to: registry) }
            let tags = try (0..<100).map { ManifestReference.tag(try Tag("v\($0)")) }
            for tag in tags { _ = try await registry.manifest(tag, in: app, as: caller) }
            #expect(registry.manifestCacheUse == (hits: 0, misses: 100))
            _ = try await registry.manifest(tags[99], in: app, as: caller)
            #expect(registry.manifestCacheUse == (hits: 1, misses: 100), "the last one that was asked for is kept")
            _ = try await registry.manifest(tags[0], in: app, as: caller)
            #expect(registry.manifestCacheUse == (hits: 1, misses: 101), "the first one had to make room")
        }
    }
}
