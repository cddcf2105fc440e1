import Foundation
import GRDB
import ImageSpec
import Logging
import NIOCore
import Registry
import Storage
import Synchronization
import SystemPackage
import Testing

@Suite("The check")
struct StoreCheckTests {
    private let caller = Caller(identity: .anonymous, logger: Logger(label: "test"))
    private let app: RepositoryName

    init() throws {
        app = try RepositoryName("app")
    }

    /// A registry with one image in a folder of its own.
    private struct Fixture {
        let folder: FilePath
        let blobs: FileBlobStore
        let metadata: SQLiteMetadataStore
        let registry: Registry
        let config: StoredBlob
        let manifest: Digest

        /// Changes the database as only a fault could.
        func damage(_ sql: String) throws {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let database = try DatabaseQueue(
                path: folder.appending("registry.sqlite").string,
                configuration: configuration
            )
            try database.write { try $0.execute(sql: sql) }
            try database.close()
        }

        var configFile: String { folder.appending(config.location.rawValue).string }
    }

    private func withImage(_ body: (Fixture) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let blobs = try FileBlobStore(root: FilePath(path))
        let metadata = try SQLiteMetadataStore(path: FilePath(path).appending("registry.sqlite"))
        let registry = Registry(blobs: blobs, metadata: metadata)
        let bytes = Array("{}".utf8)
        let config = try await registry.upload(TestBody(bytes), as: .of(bytes), in: app, as: caller)
        let image = try Manifest(
            ImageManifest(config: Descriptor(mediaType: .ociConfig, digest: config.digest, size: 2), layers: [])
        )
        let manifest = try await registry.putManifest(
            image.bytes,
            contentType: image.mediaType,
            at: .tag(.latest),
            in: app,
            as: caller
        ).digest
        try await body(
            Fixture(
                folder: FilePath(path),
                blobs: blobs,
                metadata: metadata,
                registry: registry,
                config: config,
                manifest: manifest
            )
        )
    }

    private func check(_ fixture: Fixture, digests: Bool = false) async throws -> (CheckSummary, [CheckFinding]) {
        let findings = Findings()
        let summary = try await StoreCheck(
            blobs: fixture.blobs,
            metadata: fixture.metadata,
            readsDigests: digests,
            width: 2,
            onFinding: { findings.add($0) }
        ).run()
        return (summary, findings.all)
    }

    @Test("finds nothing where nothing is wrong, and counts what it looked at")
    func clean() async throws {
        try await withImage { fixture in
            let session = try await fixture.registry.startUpload(in: app, as: caller)
            _ = try await fixture.registry.append(TestBody([1, 2, 3]), to: session.id, in: app, as: caller)
            let (summary, findings) = try await check(fixture, digests: true)
            #expect(findings == [])
            #expect(summary.isClean)
            #expect(summary.repositories == 1)
            #expect(summary.manifests == 1)
            #expect(summary.blobs == 1)
            #expect(summary.byteCount == 2)
            #expect(summary.uploads == 1)
        }
    }

    @Test("finds blobs that are gone, or have another length")
    func lostBlob() async throws {
        try await withImage { fixture in
            try Data("{}}".utf8).write(to: URL(fileURLWithPath: fixture.configFile))
            let (summary, findings) = try await check(fixture)
            #expect(!summary.isClean)
            #expect(findings.map(\.kind) == [.damage])
            #expect(findings[0].text.contains("\(fixture.config.digest): it should have 2 bytes, but 3 are there"))
            try FileManager.default.removeItem(atPath: fixture.configFile)
            #expect(try await check(fixture).1.map(\.text).first?.contains("its bytes are not there") == true)
        }
    }

    @Test("finds changed bytes only when it reads them")
    func changedBlob() async throws {
        try await withImage { fixture in
            try Data("[]".utf8).write(to: URL(fileURLWithPath: fixture.configFile))
            #expect(try await check(fixture).0.isClean)
            let (summary, findings) = try await check(fixture, digests: true)
            #expect(!summary.isClean)
            #expect(findings[0].text.contains("its bytes have the digest \(Digest.of(Array("[]".utf8)))"))
        }
    }

    @Test(
        "finds rows that don't say what the manifest says",
        arguments: [
            ("UPDATE manifests SET bytes = x'7b7d'", "its bytes have the digest"),
            ("UPDATE manifests SET subject = 'sha256:' || substr(digest, 8)", "another subject"),
            ("UPDATE manifests SET artifact_type = 'a/b'", "another artifact type"),
            ("DELETE FROM manifest_references", "what it names"),
            ("UPDATE manifests SET digest = 'x'", "can't be read"),
            ("DELETE FROM blobs", "isn't there"),
            (
                "INSERT INTO repositories (id, name) VALUES (9, 'b'); UPDATE tags SET repository_id = 9",
                "manifest of another repository"
            ),
        ]
    )
    func damagedRows(sql: String, finding: String) async throws {
        try await withImage { fixture in
            try fixture.damage(sql)
            let (summary, findings) = try await check(fixture)
            #expect(!summary.isClean)
            #expect(findings.contains { $0.kind == .damage && $0.text.contains(finding) }, "\(findings)")
        }
    }

    @Test("reports bytes that nobody names as litter, which is no damage")
    func litter() async throws {
        try await withImage { fixture in
            let id = UploadID()
            for round in 0..<2 {
                let appender = try await fixture.blobs.openUpload(id, at: 0)
                try await appender.append([ByteBuffer(string: "stray")])
                await appender.close()
                if round == 0 { _ = try await fixture.blobs.storeUpload(id, as: .of(Array("stray".utf8))) }
            }
            let lost = try await fixture.registry.startUpload(in: app, as: caller)
            _ = try await fixture.registry.append(TestBody([1, 2, 3]), to: lost.id, in: app, as: caller)
            try await fixture.blobs.discardUpload(lost.id)
            let (summary, findings) = try await check(fixture, digests: true)
            #expect(summary.isClean)
            #expect(findings.map(\.kind) == [.litter, .litter, .litter])
            #expect(findings[0].text.contains("upload \(lost.id): its 3 bytes are gone"))
            #expect(findings[1].text.contains("no blob's row points to them"))
            #expect(findings[2].text.contains("5 bytes of upload \(id)"))
        }
    }

    @Test("finds an upload that has lost bytes it acknowledged")
    func truncatedUpload() async throws {
        try await withImage { fixture in
            let session = try await fixture.registry.startUpload(in: app, as: caller)
            _ = try await fixture.registry.append(TestBody([1, 2, 3]), to: session.id, in: app, as: caller)
            try await fixture.blobs.openUpload(session.id, at: 1).close()
            let (summary, findings) = try await check(fixture)
            #expect(!summary.isClean)
            #expect(findings.map(\.text) == ["upload \(session.id): 3 bytes were acknowledged, but 1 are there"])
        }
    }

    @Test("remarks what a manifest names and was deleted")
    func deletedChild() async throws {
        try await withImage { fixture in
            let json = """
                {"schemaVersion":2,"mediaType":"\(MediaType.ociIndex.rawValue)","manifests":[{"mediaType":\
                "\(MediaType.ociManifest.rawValue)","digest":"\(fixture.manifest)","size":2}]}
                """
            let index = Array(json.utf8)
            _ = try await fixture.registry.putManifest(
                index,
                contentType: .ociIndex,
                at: .digest(.of(index)),
                in: app,
                as: caller
            )
            try await fixture.registry.deleteManifest(.digest(fixture.manifest), from: app, as: caller)
            let (summary, findings) = try await check(fixture)
            #expect(summary.isClean)
            #expect(findings.map(\.kind) == [.remark])
            #expect(findings[0].text.contains("its manifest \(fixture.manifest) was deleted"))
        }
    }
}

private final class Findings: Sendable {
    private let list = Mutex<[CheckFinding]>([])

    var all: [CheckFinding] { list.withLock { $0 } }

    func add(_ finding: CheckFinding) {
        list.withLock { $0.append(finding) }
    }
}
