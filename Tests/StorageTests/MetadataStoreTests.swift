import ImageSpec
import Storage
import SystemPackage
import TestSupport
import Testing

/// What every metadata store must do, whatever it keeps its tables in.
@Suite("Metadata stores")
struct MetadataStoreTests {
    enum Driver: CaseIterable {
        case sqlite

        func open(_ folder: FilePath) throws -> any MetadataStore {
            switch self {
            case .sqlite: try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            }
        }
    }

    private let app: RepositoryName
    private let other: RepositoryName

    init() throws {
        app = try RepositoryName("team/app")
        other = try RepositoryName("team/other")
    }

    private func blob(_ byte: UInt8, at location: String = "a") -> StoredBlob {
        StoredBlob(digest: .of([byte]), size: 1, location: BlobLocation(rawValue: location))
    }

    private func image(config: StoredBlob, layers: [StoredBlob] = [], mayBeSparse: Bool = false) throws -> NewManifest {
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, digest: config.digest, size: config.size),
                layers: layers.map { Descriptor(mediaType: .ociLayer, digest: $0.digest, size: $0.size) }
            )
        )
        return NewManifest(manifest, digest: manifest.digest(), mayBeSparse: mayBeSparse)
    }

    @Test("let only the repositories that have a blob serve it", arguments: Driver.allCases)
    func blobs(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let blob = blob(1)
            #expect(try await store.addBlob(blob, to: app, ending: nil) == blob)
            #expect(try await store.blob(blob.digest, in: app) == blob)
            #expect(try await store.blob(blob.digest, in: other) == nil)
            #expect(try await !store.mountBlob(.of([9]), from: app, into: other))
            #expect(try await !store.mountBlob(blob.digest, from: other, into: app))
            #expect(try await store.mountBlob(blob.digest, from: app, into: other))
            #expect(try await store.blob(blob.digest, in: other) == blob)
        }
    }

    @Test("mount a blob from any repository that has it", arguments: Driver.allCases)
    func mountFromAny(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            #expect(try await !store.mountBlob(blob(1).digest, from: nil, into: other))
            _ = try await store.addBlob(blob(1), to: app, ending: nil)
            #expect(try await store.mountBlob(blob(1).digest, from: nil, into: other))
            #expect(try await store.blob(blob(1).digest, in: other) == blob(1))
        }
    }

    @Test("take a blob from one repository alone, unless a manifest there names it", arguments: Driver.allCases)
    func removeBlob(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            for repository in [app, other] { _ = try await store.addBlob(blob(1), to: repository, ending: nil) }
            let manifest = try image(config: blob(1))
            _ = try await store.addManifest(manifest, taggedAs: nil, to: app)

            #expect(try await store.removeBlob(blob(1).digest, from: app) == .needed(by: [manifest.stored.digest]))
            #expect(try await store.removeBlob(blob(1).digest, from: other) == .removed)
            #expect(try await store.removeBlob(blob(1).digest, from: other) == .unknown)
            #expect(try await store.blob(blob(1).digest, in: other) == nil)
            #expect(try await store.blob(blob(1).digest, in: app) == blob(1))

            #expect(try await store.removeManifest(manifest.stored.digest, from: app))
            #expect(try await store.removeBlob(blob(1).digest, from: app) == .removed)
            #expect(try await !store.mountBlob(blob(1).digest, from: nil, into: app))
        }
    }

    @Test("keep the first location of a blob", arguments: Driver.allCases)
    func firstLocation(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            _ = try await store.addBlob(blob(1, at: "first"), to: app, ending: nil)
            let winner = try await store.addBlob(blob(1, at: "second"), to: other, ending: nil)
            #expect(winner.location.rawValue == "first")
            #expect(try await store.blob(winner.digest, in: other) == winner)
        }
    }

    @Test("accept a manifest wholly or not at all", arguments: Driver.allCases)
    func manifests(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let tag = try Tag("v1")
            let manifest = try image(config: blob(1), layers: [blob(2), blob(3)])
            _ = try await store.addBlob(blob(2), to: app, ending: nil)
            let missing = try await store.addManifest(manifest, taggedAs: tag, to: app)
            #expect(missing == [blob(1).digest, blob(3).digest])
            #expect(try await store.manifest(.tag(tag), in: app) == nil)
            #expect(try await store.tags(in: app, after: nil, limit: 10) == [])

            for byte in [1, 3] as [UInt8] { _ = try await store.addBlob(blob(byte), to: app, ending: nil) }
            #expect(try await store.addManifest(manifest, taggedAs: tag, to: app) == [])
            #expect(try await store.manifest(.tag(tag), in: app) == manifest.stored)
            #expect(try await store.manifest(.digest(manifest.stored.digest), in: app) == manifest.stored)
            #expect(try await store.manifest(.tag(tag), in: other) == nil)
        }
    }

    @Test("move a tag, and remove only what is said", arguments: Driver.allCases)
    func tags(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let (moving, staying) = (try Tag("moving"), try Tag("staying"))
            for byte in [1, 2] as [UInt8] { _ = try await store.addBlob(blob(byte), to: app, ending: nil) }
            let (first, second) = (try image(config: blob(1)), try image(config: blob(2)))
            for tag in [moving, staying] { _ = try await store.addManifest(first, taggedAs: tag, to: app) }
            _ = try await store.addManifest(second, taggedAs: moving, to: app)
            #expect(try await store.manifest(.tag(moving), in: app) == second.stored)
            #expect(try await store.manifest(.tag(staying), in: app) == first.stored)

            #expect(try await store.removeManifest(first.stored.digest, from: app))
            #expect(try await !store.removeManifest(first.stored.digest, from: app))
            #expect(try await store.tags(in: app, after: nil, limit: 10) == [moving])
            #expect(try await store.removeTag(moving, from: app))
            #expect(try await !store.removeTag(moving, from: app))
            #expect(try await store.manifest(.digest(second.stored.digest), in: app) == second.stored)
            // The blobs stay: collection is another matter.
            #expect(try await store.blob(blob(1).digest, in: app) != nil)
        }
    }

    @Test("give a manifest many tags at once, and accept a sparse one that says it may be", arguments: Driver.allCases)
    func manyTags(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let tags = try ["1", "1.2", "latest"].map { try Tag($0) }
            let refused = try image(config: blob(1))
            #expect(try await store.addManifest(refused, taggedAs: tags, to: app, on: .none) == [blob(1).digest])
            let sparse = try image(config: blob(1), mayBeSparse: true)
            #expect(try await store.addManifest(sparse, taggedAs: tags, to: app, on: .none) == [])
            #expect(try await store.tags(in: app, after: nil, limit: 10) == tags)
        }
    }

    @Test("change what is at a reference only when it is what the condition says", arguments: Driver.allCases)
    func conditions(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let tag = try Tag("v1")
            for byte in [1, 2] as [UInt8] { _ = try await store.addBlob(blob(byte), to: app, ending: nil) }
            let (first, second) = (try image(config: blob(1)), try image(config: blob(2)))
            let absent = ManifestCondition(at: .tag(tag), unexpected: .any)
            let present = ManifestCondition(at: .tag(tag), expected: .any)
            let isFirst = ManifestCondition(at: .tag(tag), expected: .among([first.stored.digest]))
            let isNotSecond = ManifestCondition(at: .tag(tag), unexpected: .among([second.stored.digest]))

            for condition in [present, isFirst] {
                await #expect(throws: ManifestConditionFailed.self) {
                    try await store.addManifest(first, taggedAs: [tag], to: app, on: ChangeTerms(if: condition))
                }
            }
            #expect(try await store.addManifest(first, taggedAs: [tag], to: app, on: ChangeTerms(if: absent)) == [])
            await #expect(throws: ManifestConditionFailed.self) {
                try await store.addManifest(second, taggedAs: [tag], to: app, on: ChangeTerms(if: absent))
            }
            #expect(try await store.manifest(.digest(second.stored.digest), in: app) == nil)
            #expect(try await store.addManifest(second, taggedAs: [tag], to: app, on: ChangeTerms(if: isFirst)) == [])
            for condition in [isFirst, isNotSecond, absent] {
                await #expect(throws: ManifestConditionFailed.self) {
                    try await store.removeTag(tag, from: app, on: ChangeTerms(if: condition))
                }
            }
            let byDigest = ManifestCondition(at: .digest(second.stored.digest), unexpected: .any)
            await #expect(throws: ManifestConditionFailed.self) {
                try await store.removeManifest(second.stored.digest, from: app, on: ChangeTerms(if: byDigest))
            }
            #expect(try await store.manifest(.tag(tag), in: app) == second.stored)
            #expect(try await store.removeTag(tag, from: app, on: ChangeTerms(if: present)))
        }
    }

    @Test("page the repositories that hold a manifest, by their bytes", arguments: Driver.allCases)
    func repositories(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let names = try ["a", "a-b", "a/b", "a0", "b"].map { try RepositoryName($0) }
            let manifest = try image(config: blob(1))
            for name in names.shuffled() + [app] { _ = try await store.addBlob(blob(1), to: name, ending: nil) }
            for name in names.shuffled() { _ = try await store.addManifest(manifest, taggedAs: nil, to: name) }
            #expect(try await store.repositories(after: nil, limit: 10) == names)
            #expect(try await store.repositories(after: names[1], limit: 2) == [names[2], names[3]])
            #expect(try await store.removeManifest(manifest.stored.digest, from: names[0]))
            #expect(try await store.repositories(after: nil, limit: 1) == [names[1]])
        }
    }

    @Test("page tags by their bytes", arguments: Driver.allCases)
    func tagPages(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            #expect(try await store.tags(in: app, after: nil, limit: 10) == nil)
            _ = try await store.addBlob(blob(1), to: app, ending: nil)
            let manifest = try image(config: blob(1))
            let sorted = try ["A", "B", "_", "a", "a.1", "b"].map { try Tag($0) }
            for tag in sorted.shuffled() { _ = try await store.addManifest(manifest, taggedAs: tag, to: app) }
            #expect(try await store.tags(in: app, after: nil, limit: 10) == sorted)
            #expect(try await store.tags(in: app, after: sorted[1], limit: 2) == [sorted[2], sorted[3]])
            #expect(try await store.tags(in: app, after: sorted[5], limit: 2) == [])
        }
    }

    @Test("keep an upload's offset and hash through a restart", arguments: Driver.allCases)
    func uploads(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            var session = UploadSession(id: UploadID(), repository: app, hasher: DigestHasher(.sha512))
            let store = try driver.open(folder)
            try await store.addUpload(session)
            Array("abc".utf8).withUnsafeBytes { session.hasher.update($0) }
            session.offset = 3
            try await store.saveUpload(session)

            let again = try driver.open(folder)
            let found = try #require(try await again.upload(session.id, in: app))
            #expect(found.offset == 3)
            #expect(found.hasher.finalize() == Digest.of(Array("abc".utf8), by: .sha512))
            #expect(try await again.upload(session.id, in: other) == nil)
            _ = try await again.addBlob(blob(1), to: app, ending: session.id)
            #expect(try await again.upload(session.id, in: app) == nil)
        }
    }

    @Test("list the sessions that are idle for long enough, page by page", arguments: Driver.allCases)
    func idleUploads(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            var ids: Set<UploadID> = []
            for _ in 0..<5 {
                let session = UploadSession(id: UploadID(), repository: app, hasher: DigestHasher(.sha256))
                try await store.addUpload(session)
                ids.insert(session.id)
            }
            #expect(try await store.uploads(idleFor: .seconds(60), after: nil, limit: 10) == [])
            var found: [UploadEntry] = []
            while case let page = try await store.uploads(idleFor: .zero, after: found.last, limit: 2), !page.isEmpty {
                #expect(page.count <= 2)
                found += page
            }
            #expect(found.count == 5)
            #expect(Set(found.map(\.id)) == ids)
            #expect(found.allSatisfy { $0.repository == app && $0.offset == 0 })

            let first = found[0].id
            #expect(try await store.hasUpload(first))
            try await store.removeUpload(first)
            #expect(try await !store.hasUpload(first))
        }
    }

    @Test("list blobs and where they are, page by page", arguments: Driver.allCases)
    func blobPages(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            #expect(try await store.blobs(after: nil, limit: 10) == [])
            let all = (1...5).map { blob($0, at: "at \($0)") }.sorted { $0.digest.hex < $1.digest.hex }
            for blob in all.shuffled() { _ = try await store.addBlob(blob, to: app, ending: nil) }
            #expect(try await store.blobs(after: nil, limit: 10) == all)
            #expect(try await store.blobs(after: all[1].digest, limit: 2) == Array(all[2...3]))
            #expect(try await store.blobs(after: all[4].digest, limit: 2) == [])
            let known = try await store.locations(of: [all[0].digest, .of([99]), all[3].digest])
            #expect(known == [all[0].digest: all[0].location, all[3].digest: all[3].location])
        }
    }

    @Test("list manifests with what they name, and tell what of it was deleted", arguments: Driver.allCases)
    func manifestPages(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            for byte in 1...4 as ClosedRange<UInt8> {
                _ = try await store.addBlob(blob(byte), to: app, ending: nil)
                #expect(try await store.addManifest(image(config: blob(byte)), taggedAs: nil, to: app) == [])
            }
            _ = try await store.addBlob(blob(1), to: other, ending: nil)
            #expect(try await store.manifests(in: other, after: nil, byteLimit: 1 << 20) == [])

            let child = try image(config: blob(1)).stored
            let index = try Manifest(
                parsing: Array(
                    """
                    {"schemaVersion":2,"mediaType":"\(MediaType.ociIndex)","manifests":[{"mediaType":"\(child.mediaType)",
                    "digest":"\(child.digest)","size":\(child.bytes.count)}]}
                    """.utf8
                )
            )
            #expect(
                try await store.addManifest(NewManifest(index, digest: index.digest()), taggedAs: nil, to: app) == []
            )
            let all = try await store.manifests(in: app, after: nil, byteLimit: 1 << 20)
            #expect(all.count == 5)
            #expect(all.map(\.stored.digest.hex) == all.map(\.stored.digest.hex).sorted())
            #expect(all.allSatisfy { $0.missing.isEmpty && $0.references.count == 1 })
            var found: [ManifestEntry] = []
            while case let page = try await store.manifests(in: app, after: found.last?.stored.digest, byteLimit: 1),
                !page.isEmpty
            { found += page }
            #expect(found == all)

            _ = try await store.removeManifest(child.digest, from: app)
            let entry = try await store.manifests(in: app, after: nil, byteLimit: 1 << 20)
                .first { $0.stored.digest == index.digest() }
            #expect(entry?.missing == [ManifestLink(kind: .manifest, digest: child.digest)])
        }
    }

    @Test("find nothing wrong with themselves", arguments: Driver.allCases)
    func consistency(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            _ = try await store.addBlob(blob(1), to: app, ending: nil)
            _ = try await store.addManifest(image(config: blob(1)), taggedAs: Tag("v1"), to: app)
            #expect(try await store.inconsistencies() == [])
        }
    }

    @Test("SQLite opened for reading changes nothing, beside a writer and without one")
    func readOnly() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            #expect(throws: (any Error).self) { try SQLiteMetadataStore(reading: path) }
            let writer = try SQLiteMetadataStore(path: path)
            _ = try await writer.addBlob(blob(1), to: app, ending: nil)
            let beside = try SQLiteMetadataStore(reading: path)
            #expect(try await beside.blob(blob(1).digest, in: app) == blob(1))
            await #expect(throws: (any Error).self) { try await beside.addBlob(blob(2), to: app, ending: nil) }
            try beside.close()
            try writer.close()
            let alone = try SQLiteMetadataStore(reading: path)
            #expect(try await alone.blobs(after: nil, limit: 10) == [blob(1)])
            try alone.close()
        }
    }

    @Test("SQLite syncs every commit before it says that it is done")
    func synchronous() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            #expect(try await store.synchronousLevel() == 2)
        }
    }

    @Test("SQLite leaves everything in one file when it is closed, though it was read at the end")
    func closed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            let store = try SQLiteMetadataStore(path: path)
            _ = try await store.addBlob(blob(1), to: app, ending: nil)
            await withTaskGroup(of: Void.self) { readers in
                for _ in 0..<8 { readers.addTask { _ = try? await store.blob(.of([1]), in: app) } }
            }
            try store.close()
            let log = try? FileDescriptor.open(FilePath(path.string + "-wal"), .readOnly)
            defer { try? log?.close() }
            #expect(try log?.seek(offset: 0, from: .end) ?? 0 == 0)
        }
    }

    @Test("SQLite lets writes that come at once share a commit")
    func sharedCommits() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<500 {
                    group.addTask {
                        let session = UploadSession(id: UploadID(), repository: app, hasher: DigestHasher(.sha256))
                        await #expect(throws: Never.self) { try await store.addUpload(session) }
                    }
                }
            }
            #expect(store.commitCount < 400, "\(store.commitCount) commits for 500 writes")
        }
    }

    @Test("undo a write that fails, and none of those that come with it", arguments: Driver.allCases)
    func failureAmongOthers(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            let sessions = (0..<200).map { _ in
                UploadSession(id: UploadID(), repository: app, hasher: DigestHasher(.sha256))
            }
            let failures = await withTaskGroup(of: Int.self) { group in
                // Each twice: one of two must fail, since a session's name is its own.
                for session in sessions + sessions {
                    group.addTask {
                        do {
                            try await store.addUpload(session)
                            return 0
                        } catch {
                            return 1
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(failures == sessions.count)
            for session in sessions { #expect(try await store.upload(session.id, in: app) != nil) }
        }
    }

    @Test("keep everything through a restart, under many writers at once", arguments: Driver.allCases)
    func concurrency(driver: Driver) async throws {
        try await withTemporaryFolder { folder in
            let store = try driver.open(folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for byte in 0..<64 as Range<UInt8> {
                    group.addTask {
                        _ = try await store.addBlob(blob(byte), to: app, ending: nil)
                        let tag = try Tag("t\(byte)")
                        #expect(try await store.addManifest(image(config: blob(byte)), taggedAs: tag, to: app) == [])
                    }
                }
                try await group.waitForAll()
            }
            let again = try driver.open(folder)
            for byte in 0..<64 as Range<UInt8> {
                let manifest = try await again.manifest(.tag(Tag("t\(byte)")), in: app)
                #expect(try manifest == image(config: blob(byte)).stored)
            }
        }
    }
}
