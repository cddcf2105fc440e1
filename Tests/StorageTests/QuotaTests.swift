import Access
import ImageSpec
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("Quotas")
struct QuotaTests {
    private let team: RepositoryName
    private let app: RepositoryName
    private let other: RepositoryName
    private let outside: RepositoryName

    init() throws {
        team = try RepositoryName("team")
        app = try RepositoryName("team/app")
        other = try RepositoryName("team/deep/other")
        // Begins with the namespace's letters, and lies beside it.
        outside = try RepositoryName("team-b/app")
    }

    private func withStore(_ body: (SQLiteMetadataStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await body(try SQLiteMetadataStore(path: folder.appending("registry.sqlite")))
        }
    }

    private func blob(_ number: Int, size: Int64) -> StoredBlob {
        StoredBlob(
            digest: .of(Array("\(number)".utf8)),
            size: size,
            location: BlobLocation(rawValue: "\(number)")
        )
    }

    private func use(of namespace: RepositoryName?, in store: SQLiteMetadataStore) async throws -> [Int64] {
        let use = try await store.quotas().first { $0.quota.namespace == namespace }
        return use.map { [$0.bytes, Int64($0.repositories)] } ?? []
    }

    private func exceeded(
        _ namespace: RepositoryName?,
        _ resource: QuotaExceeded.Resource,
        limit: Int64,
        used: Int64,
        needed: Int64?
    ) -> QuotaExceeded {
        QuotaExceeded(namespace: namespace, resource: resource, limit: limit, used: used, needed: needed)
    }

    @Test("a blob that has no room is refused with its repository, and one that just has is taken")
    func bytes() async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: team, bytes: 100, repositories: nil))
            _ = try await store.addBlob(blob(1, size: 60), to: app, ending: nil)
            await #expect(throws: exceeded(team, .bytes, limit: 100, used: 60, needed: 41)) {
                try await store.addBlob(blob(2, size: 41), to: other, ending: nil)
            }
            let refused = try await store.blob(blob(2, size: 41).digest, in: other)
            #expect(refused == nil)
            let stored = try await store.totals()
            #expect(stored.bytes == 60)
            _ = try await store.addBlob(blob(3, size: 40), to: other, ending: nil)
            #expect(try await use(of: team, in: store) == [100, 2])
            _ = try await store.addBlob(blob(2, size: 41), to: outside, ending: nil)
        }
    }

    @Test("a blob counts once in a namespace, however many of its repositories have it")
    func shared() async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: team, bytes: 100, repositories: nil))
            try await store.setQuota(Quota(namespace: nil, bytes: 1000, repositories: nil))
            _ = try await store.addBlob(blob(1, size: 90), to: app, ending: nil)
            _ = try await store.addBlob(blob(1, size: 90), to: other, ending: nil)
            #expect(try await store.mountBlob(blob(1, size: 90).digest, from: app, into: team))
            #expect(try await use(of: team, in: store) == [90, 3])
            _ = try await store.addBlob(blob(2, size: 50), to: outside, ending: nil)
            await #expect(throws: exceeded(team, .bytes, limit: 100, used: 90, needed: 50)) {
                try await store.mountBlob(blob(2, size: 50).digest, from: outside, into: app)
            }
            #expect(try await use(of: nil, in: store) == [140, 4])

            for repository in [app, other] {
                #expect(try await store.removeBlob(blob(1, size: 90).digest, from: repository) == .removed)
                #expect(try await use(of: team, in: store)[0] == 90)
            }
            #expect(try await store.removeBlob(blob(1, size: 90).digest, from: team) == .removed)
            #expect(try await use(of: team, in: store) == [0, 0])
            #expect(try await use(of: nil, in: store) == [50, 1])
            #expect(try await store.mountBlob(blob(2, size: 50).digest, from: outside, into: app))
        }
    }

    @Test("a repository counts while it holds something")
    func repositories() async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: team, bytes: nil, repositories: 1))
            _ = try await store.addBlob(blob(1, size: 1), to: app, ending: nil)
            let manifest = try Manifest(
                ImageManifest(
                    config: Descriptor(mediaType: .ociConfig, digest: blob(1, size: 1).digest, size: 1),
                    layers: []
                )
            )
            let new = NewManifest(manifest, digest: manifest.digest())
            _ = try await store.addManifest(new, taggedAs: nil, to: app)
            let refusal = exceeded(team, .repositories, limit: 1, used: 1, needed: 1)
            await #expect(throws: refusal) {
                try await store.addBlob(blob(1, size: 1), to: other, ending: nil)
            }
            let sparse = NewManifest(manifest, digest: manifest.digest(), mayBeSparse: true)
            await #expect(throws: refusal) { try await store.addManifest(sparse, taggedAs: nil, to: other) }
            let tags = try await store.tags(in: other, after: nil, limit: 1)
            #expect(tags == nil)

            #expect(try await store.removeManifest(manifest.digest(), from: app))
            #expect(try await use(of: team, in: store) == [1, 1])
            #expect(try await store.removeBlob(blob(1, size: 1).digest, from: app) == .removed)
            #expect(try await use(of: team, in: store) == [0, 0])
            _ = try await store.addManifest(sparse, taggedAs: nil, to: other)
            #expect(try await use(of: team, in: store) == [0, 1])
        }
    }

    @Test("what was there before a limit counts for it, and stays when it is beyond")
    func lateLimit() async throws {
        try await withStore { store in
            for repository in [app, other, outside] {
                _ = try await store.addBlob(blob(1, size: 70), to: repository, ending: nil)
            }
            _ = try await store.addBlob(blob(2, size: 30), to: other, ending: nil)
            try await store.setQuota(Quota(namespace: team, bytes: 50, repositories: 1))
            #expect(try await use(of: team, in: store) == [100, 2])
            // What takes no more room is no matter of limits.
            _ = try await store.addBlob(blob(2, size: 30), to: app, ending: nil)
            await #expect(throws: exceeded(team, .bytes, limit: 50, used: 100, needed: 1)) {
                try await store.addBlob(blob(3, size: 1), to: app, ending: nil)
            }
            #expect(try await store.removeBlob(blob(1, size: 70).digest, from: other) == .removed)
            #expect(try await store.removeBlob(blob(2, size: 30).digest, from: app) == .removed)
            #expect(try await use(of: team, in: store) == [100, 2])

            try await store.setQuota(Quota(namespace: team, bytes: 101, repositories: nil))
            _ = try await store.addBlob(blob(3, size: 1), to: app, ending: nil)
            #expect(try await store.removeQuota(of: team))
            #expect(try await !store.removeQuota(of: team))
            _ = try await store.addBlob(blob(4, size: 1000), to: app, ending: nil)
            let none = try await store.quotas()
            #expect(none == [])
        }
    }

    @Test("limits of a namespace, of one above it and of the registry all hold")
    func nested() async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: nil, bytes: 30, repositories: nil))
            try await store.setQuota(Quota(namespace: team, bytes: 20, repositories: nil))
            try await store.setQuota(Quota(namespace: app, bytes: 10, repositories: nil))
            await #expect(throws: exceeded(app, .bytes, limit: 10, used: 0, needed: 11)) {
                try await store.addBlob(blob(1, size: 11), to: app, ending: nil)
            }
            _ = try await store.addBlob(blob(1, size: 11), to: other, ending: nil)
            await #expect(throws: exceeded(team, .bytes, limit: 20, used: 11, needed: 10)) {
                try await store.addBlob(blob(2, size: 10), to: app, ending: nil)
            }
            await #expect(throws: exceeded(nil, .bytes, limit: 30, used: 11, needed: 20)) {
                try await store.addBlob(blob(3, size: 20), to: outside, ending: nil)
            }
        }
    }

    @Test("caches of upstreams count for nothing")
    func caches() async throws {
        try await withStore { store in
            let cache = try RepositoryName("team/cache")
            try await store.setQuota(Quota(namespace: team, bytes: 10, repositories: 0))
            #expect(try await store.makeCache(cache, of: "hub"))
            _ = try await store.addBlob(blob(1, size: 100), to: cache, ending: nil)
            #expect(try await store.linkBlob(blob(1, size: 100).digest, to: cache))
            #expect(try await use(of: team, in: store) == [0, 0])
        }
    }

    @Test("what can't have room is told before its bytes come, what may have is not")
    func early() async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: team, bytes: 100, repositories: 1))
            _ = try await store.addBlob(blob(1, size: 90), to: app, ending: nil)
            try await store.checkRoom(for: nil, of: nil, in: app)
            try await store.checkRoom(for: 10, of: blob(2, size: 10).digest, in: app)
            // The namespace may have it already, as far as anyone can tell.
            try await store.checkRoom(for: 90, of: nil, in: app)
            try await store.checkRoom(for: 90, of: blob(1, size: 90).digest, in: app)
            await #expect(throws: exceeded(team, .bytes, limit: 100, used: 90, needed: 11)) {
                try await store.checkRoom(for: 11, of: blob(2, size: 11).digest, in: app)
            }
            await #expect(throws: exceeded(team, .bytes, limit: 100, used: 90, needed: 101)) {
                try await store.checkRoom(for: 101, of: nil, in: app)
            }
            await #expect(throws: exceeded(team, .repositories, limit: 1, used: 1, needed: 1)) {
                try await store.checkRoom(for: nil, of: nil, in: other)
            }
            _ = try await store.addBlob(blob(2, size: 10), to: app, ending: nil)
            await #expect(throws: exceeded(team, .bytes, limit: 100, used: 100, needed: nil)) {
                try await store.checkRoom(for: nil, of: nil, in: app)
            }
        }
    }

    @Test("of many who come at once, exactly as many are taken as there is room for", arguments: [1, 7, 20])
    func race(room: Int) async throws {
        try await withStore { store in
            try await store.setQuota(Quota(namespace: team, bytes: Int64(room) * 10, repositories: nil))
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    let repository = try RepositoryName("team/app\(number % 7)")
                    group.addTask {
                        do {
                            _ = try await store.addBlob(blob(number, size: 10), to: repository, ending: nil)
                            return true
                        } catch is QuotaExceeded {
                            return false
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == room)
            #expect(try await use(of: team, in: store)[0] == Int64(room) * 10)
        }
    }

    @Test("the counts are those that counting finds, whatever happened", arguments: 1...5 as ClosedRange<UInt64>)
    func anyHistory(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        try await withStore { store in
            let names = try ["a", "a/b", "a/b/c", "a-b", "d"].map { try RepositoryName($0) }
            var held: [RepositoryName: Set<Int>] = [:]
            var limited: Set<RepositoryName> = []
            for _ in 0..<300 {
                let name = names[Int.random(in: 0..<names.count, using: &generator)]
                let number = Int.random(in: 0..<6, using: &generator)
                let blob = blob(number, size: Int64(number + 1))
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<4:
                    _ = try await store.addBlob(blob, to: name, ending: nil)
                    held[name, default: []].insert(number)
                case 4..<8:
                    _ = try await store.removeBlob(blob.digest, from: name)
                    held[name]?.remove(number)
                case 8:
                    try await store.setQuota(Quota(namespace: name, bytes: nil, repositories: nil))
                    limited.insert(name)
                default:
                    _ = try await store.removeQuota(of: name)
                    limited.remove(name)
                }
            }
            for namespace in limited {
                let inside = held.filter { "\($0.key)/".hasPrefix("\(namespace)/") && !$0.value.isEmpty }
                let numbers = inside.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
                let bytes = numbers.reduce(Int64(0)) { $0 + Int64($1 + 1) }
                #expect(try await use(of: namespace, in: store) == [bytes, Int64(inside.count)], "seed \(seed)")
            }
        }
    }
}
