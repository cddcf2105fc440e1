import Foundation
import ImageSpec
import Logging
import Registry
import Storage
import SystemPackage
import Testing

@Suite("The rules of manifests")
struct ManifestRuleTests {
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName

    init() throws {
        app = try RepositoryName("app")
    }

    private func withRegistry(
        _ change: (inout RegistryConfiguration) -> Void,
        _ body: (Registry) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = RegistryConfiguration()
        change(&configuration)
        let registry = Registry(
            blobs: try FileBlobStore(root: FilePath(path)),
            metadata: try SQLiteMetadataStore(path: FilePath(path).appending("registry.sqlite")),
            configuration: configuration
        )
        try await body(registry)
    }

    /// Names one layer or child for each of `bytes`.
    private func image(_ bytes: [UInt8]) throws -> Manifest {
        try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: [0]),
                layers: bytes.map { Descriptor(mediaType: .ociLayer, content: [$0]) }
            )
        )
    }

    private func index(_ bytes: [UInt8]) throws -> Manifest {
        let children = bytes.map { Descriptor(mediaType: .ociManifest, content: [$0]) }
        return try Manifest(parsing: canonicalJSON(ImageIndex(manifests: children)))
    }

    private func put(_ manifest: Manifest, tags: [ImageSpec.Tag] = [], in registry: Registry) async throws {
        _ = try await registry.putManifest(
            manifest.bytes,
            contentType: manifest.mediaType,
            at: .digest(manifest.digest()),
            alsoTagged: tags,
            in: app,
            as: caller
        )
    }

    @Test(
        "a manifest that names what isn't there is accepted as the configuration says",
        arguments: SparseManifests.allCases
    )
    func sparse(allowed: SparseManifests) async throws {
        try await withRegistry {
            $0.sparseManifests = allowed
        } _: { registry in
            for (manifest, accepting) in [(try index([1]), [.indexes, .all]), (try image([1]), [SparseManifests.all])] {
                if accepting.contains(allowed) {
                    try await put(manifest, in: registry)
                    let stored = try await registry.manifest(.digest(manifest.digest()), in: app, as: caller)
                    #expect(stored.bytes.elementsEqual(manifest.bytes))
                } else {
                    await #expect { try await put(manifest, in: registry) } throws: { error in
                        guard case .manifestReferencesUnknown = error as? RegistryError else { return false }
                        return true
                    }
                }
            }
        }
    }

    @Test("what a manifest names, its tags and its repository's name are bounded")
    func bounds() async throws {
        try await withRegistry {
            $0.sparseManifests = .all
            $0.maximumReferencesPerManifest = 3
            $0.maximumTagsPerPush = 2
            $0.maximumNameLength = 10
        } _: { registry in
            try await put(try image([1, 2]), tags: [ImageSpec.Tag("a"), ImageSpec.Tag("b")], in: registry)
            await #expect(throws: RegistryError.tooManyReferences(limit: 3)) {
                try await put(try image([1, 2, 3]), in: registry)
            }
            await #expect(throws: RegistryError.tooManyTags(limit: 2)) {
                try await put(try image([1]), tags: ["a", "b", "c"].map { try ImageSpec.Tag($0) }, in: registry)
            }
            let long = try RepositoryName("eleven-long")
            await #expect(throws: RegistryError.repositoryNameTooLong(limit: 10)) {
                _ = try await registry.startUpload(in: long, as: caller)
            }
            await #expect(throws: RegistryError.repositoryNameTooLong(limit: 10)) {
                _ = try await registry.mount(.of([1]), from: app, into: long, as: caller)
            }
            await #expect(throws: RegistryError.repositoryNameTooLong(limit: 10)) {
                let manifest = try image([1])
                _ = try await registry.putManifest(
                    manifest.bytes,
                    contentType: nil,
                    at: .digest(manifest.digest()),
                    in: long,
                    as: caller
                )
            }
        }
    }
}
