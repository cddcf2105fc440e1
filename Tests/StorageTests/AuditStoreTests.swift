import Access
import GRDB
import ImageSpec
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("The audit's store")
struct AuditStoreTests {
    private let app: RepositoryName
    private let alice: AuditActor

    init() throws {
        app = try RepositoryName("team/app")
        alice = AuditActor(.account(try AccountName("alice"), scopes: nil, tokenID: "t1"))
    }

    private func withStore(_ body: (SQLiteMetadataStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            try await body(try SQLiteMetadataStore(path: path), path)
        }
    }

    private func entry(_ time: Int64, _ action: AuditAction = .push, in repository: String? = nil) throws -> AuditEntry
    {
        AuditEntry(
            time: time,
            actor: alice,
            action: action,
            repository: try repository.map { try RepositoryName($0) },
            clientAddress: "192.0.2.1",
            requestID: "r1"
        )
    }

    private func times(_ query: AuditQuery, in store: SQLiteMetadataStore) async throws -> [Int64] {
        try await store.audit(query).map(\.time)
    }

    @Test("keeps all of an entry")
    func whole() async throws {
        try await withStore { store, _ in
            var entry = try entry(5, in: "team/app")
            entry.reference = "v1"
            entry.digest = .of([1])
            entry.detail = "a word"
            entry.result = .denied
            try await store.appendAudit([entry])
            entry.id = 1
            let kept = try await store.audit(AuditQuery(limit: 10))
            #expect(kept == [entry])
        }
    }

    @Test("gives what is asked for, by pages either way")
    func queries() async throws {
        try await withStore { store, _ in
            var entries = [
                try entry(1, .push, in: "team/app"), try entry(2, .pull, in: "team/app/deep"),
                try entry(3, .push, in: "team-b/app"), try entry(4, .login), try entry(5, .push, in: "team"),
            ]
            entries[2].digest = .of([3])
            entries[3].result = .denied
            entries[4].actor = .server
            try await store.appendAudit(entries)
            var query = AuditQuery(limit: 2)
            #expect(try await times(query, in: store) == [5, 4])
            query.page = .before(4)
            #expect(try await times(query, in: store) == [3, 2])
            query.page = .after(0)
            #expect(try await times(query, in: store) == [1, 2])

            query = AuditQuery(limit: 10)
            query.actor = "alice"
            #expect(try await times(query, in: store) == [4, 3, 2, 1])
            query.action = .push
            #expect(try await times(query, in: store) == [3, 1])
            query.digest = .of([3])
            #expect(try await times(query, in: store) == [3])
            query = AuditQuery(limit: 10)
            query.result = .denied
            #expect(try await times(query, in: store) == [4])
            query = AuditQuery(limit: 10)
            (query.since, query.until) = (2, 4)
            #expect(try await times(query, in: store) == [3, 2])
            for (pattern, expected) in [
                ("team/app", [1]), ("team/**", [2, 1]), ("team/*", [1]), ("**", [5, 3, 2, 1]), ("team*/app", [3, 1]),
            ] as [(String, [Int64])] {
                query = AuditQuery(limit: 10)
                query.repositories = try RepositoryPattern(pattern)
                #expect(try await times(query, in: store) == expected, "\(pattern)")
            }
        }
    }

    @Test("lets nobody change or delete an entry, and lets entries go by age alone")
    func appendOnly() async throws {
        try await withStore { store, path in
            try await store.appendAudit([try entry(10), try entry(20), try entry(30)])
            let beside = try DatabaseQueue(path: path.string)
            for sql in [
                "UPDATE audit SET actor = 'mallory'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
                "DELETE FROM audit_retention", "REPLACE INTO audit_retention (id, trimmed_before) VALUES (1, 99)",
                "REPLACE INTO audit (id, time, actor_kind, action, result) VALUES (1, 10, 'server', 'push', 'failed')",
            ] {
                #expect(throws: DatabaseError.self, "\(sql)") { try beside.write { try $0.execute(sql: sql) } }
            }
            #expect(try await times(AuditQuery(limit: 10), in: store) == [30, 20, 10])

            #expect(try await store.trimAudit(before: 25, limit: 1, now: 40) == 1)
            #expect(try await store.trimAudit(before: 25, limit: 10, now: 41) == 1)
            #expect(try await store.trimAudit(before: 25, limit: 10, now: 42) == 0)
            let rest = try await store.audit(AuditQuery(limit: 10))
            #expect(rest.map(\.time) == [41, 40, 30])
            #expect(rest.map(\.action) == [.trimAudit, .trimAudit, .push])
            #expect(throws: DatabaseError.self) {
                try beside.write { try $0.execute(sql: "UPDATE audit_retention SET trimmed_before = 0") }
            }
            #expect(throws: DatabaseError.self) {
                try beside.write { try $0.execute(sql: "DELETE FROM audit WHERE time = 30") }
            }
        }
    }

    @Test("keeps a change's entry with the change: both or neither, with what stood there before")
    func withChange() async throws {
        try await withStore { store, _ in
            let config = StoredBlob(digest: .of([1]), size: 1, location: BlobLocation(rawValue: "1"))
            _ = try await store.addBlob(config, to: app, ending: nil)
            let (first, second) = (try image(1), try image(2))
            let (tag, other) = (try Tag("v1"), try Tag("v2"))
            let terms = { (action: AuditAction) in
                ChangeTerms(keeping: [GlobPattern("v*")], audit: try entry(1, action, in: "team/app"))
            }
            #expect(try await store.addManifest(first, taggedAs: [tag, other], to: app, on: terms(.push)) == [])
            let commits = store.commitCount
            _ = try? await store.addManifest(second, taggedAs: [tag], to: app, on: terms(.push))
            var moving = try terms(.push)
            moving.immutableTags = []
            #expect(try await store.addManifest(second, taggedAs: [tag], to: app, on: moving) == [])
            #expect(store.commitCount == commits + 1)
            #expect(try await store.mountBlob(config.digest, from: app, into: RepositoryName("b"), on: terms(.mount)))
            #expect(try await !store.mountBlob(.of([9]), from: app, into: RepositoryName("b"), on: terms(.mount)))
            moving = try terms(.deleteTag)
            moving.immutableTags = []
            #expect(try await store.removeTag(tag, from: app, on: moving))
            #expect(try await !store.removeTag(tag, from: app, on: moving))
            moving.audit?.action = .deleteManifest
            #expect(try await store.removeManifest(first.stored.digest, from: app, on: moving))
            moving.audit?.action = .deleteBlob
            let gone = try await store.removeBlob(config.digest, from: RepositoryName("b"), on: moving)
            #expect(gone == .removed)

            var query = AuditQuery(limit: 20)
            query.page = .after(0)
            let kept = try await store.audit(query).map {
                "\($0.action.rawValue) \($0.reference ?? "-") \($0.digest?.hex.prefix(6) ?? "-") \($0.detail ?? "-")"
            }
            let (one, two) = (first.stored.digest, second.stored.digest)
            #expect(
                kept == [
                    "push v1 \(one.hex.prefix(6)) -", "push v2 \(one.hex.prefix(6)) -",
                    "push v1 \(two.hex.prefix(6)) was \(one)",
                    "mount - \(config.digest.hex.prefix(6)) from team/app",
                    "delete-tag v1 \(two.hex.prefix(6)) -",
                    "delete-manifest - \(one.hex.prefix(6)) with the tags v2",
                    "delete-blob - \(config.digest.hex.prefix(6)) -",
                ]
            )
        }
    }

    private func image(_ number: Int) throws -> NewManifest {
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, digest: .of([1]), size: 1),
                layers: [],
                annotations: ["number": "\(number)"]
            )
        )
        return NewManifest(manifest, digest: manifest.digest())
    }
}
