import ImageSpec
import NIOHTTP1
import RegistryClient
import Testing

@Suite("What mirrors delete", .timeLimit(.minutes(5)), .needs("docker-registry"))
struct MirrorDeletionTests {
    private static let plan = "sources: [{from: SOURCE/app, to: DESTINATION, tags: ['1.*'], delete: gone}]"

    @Test("tags that are gone at the source go, others that the filters aren't about stay")
    func gone() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let image = try await mirror.push("app", "1.0", "1.1")
            let plan = try mirror.plan(Self.plan)
            _ = try await mirror.mirror(plan)
            try await mirror.tag(image, "app", "ours", at: mirror.destination)
            try await mirror.deleteAtSource("1.0")
            #expect(try await mirror.mirror("--dry-run", plan).tags("deleted") == ["1.0"])
            #expect(try await mirror.tags("app") == ["1.0", "1.1", "ours"])
            #expect(try await mirror.mirror(plan).tags("deleted") == ["1.0"])
            #expect(try await mirror.tags("app") == ["1.1", "ours"])
        }
    }

    @Test("nothing goes unless the plan says so")
    func kept() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0", "1.1")
            let plan = try mirror.plan("sources: [{from: SOURCE/app, to: DESTINATION, tags: ['1.*']}]")
            _ = try await mirror.mirror(plan)
            try await mirror.deleteAtSource("1.0")
            #expect(try await mirror.mirror(plan).counts["deleted"] == 0)
            #expect(try await mirror.tags("app") == ["1.0", "1.1"])
        }
    }

    @Test("tags that are no longer the newest go only when the plan says so", arguments: ["gone", "unselected"])
    func window(kind: String) async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0", "1.1")
            let plan = try mirror.plan(
                """
                sources:
                  - {from: SOURCE/app, to: DESTINATION, tags: {semver: 1.x, newest: 2}, delete: \(kind)}
                """
            )
            _ = try await mirror.mirror(plan)
            try await mirror.push("app", "1.2")
            _ = try await mirror.mirror(plan)
            #expect(try await mirror.tags("app") == (kind == "gone" ? ["1.0", "1.1", "1.2"] : ["1.1", "1.2"]))
        }
    }

    @Test("signatures and other referrers of what stays are never deleted, also those that only the mirror has")
    func referrers() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let image = try await MultiPlatformImage.push(to: mirror.source.host, RepositoryName("app"))
            try await mirror.push("app", "old")
            // The push above moved it.
            try await RegistryClient(registry: mirror.source.host)
                .push(image.index, as: .tag(.latest), to: RepositoryName("app"))
            let plan = try mirror.plan(
                "sources: [{from: SOURCE/app, to: DESTINATION, referrers: true, delete: unselected}]"
            )
            _ = try await mirror.mirror(plan)
            #expect(try await mirror.tags("app").contains(image.cosignTag))
            try await mirror.deleteAtSource("old")
            try await mirror.deleteAtSource(image.cosignTag)
            #expect(try await mirror.mirror(plan).tags("deleted") == ["old"])
            #expect(try await mirror.tags("app") == ["latest", image.cosignTag].sorted())
            let listed = try await RegistryClient(registry: mirror.destination.host)
                .referrers(of: image.index.digest(), in: RepositoryName("app"))
            #expect(listed.map(\.digest).contains(image.signature.digest()))
        }
    }

    @Test(
        "a source that gives no list of tags, or an empty one, or a broken one, deletes nothing",
        arguments: ["empty", "missing", "failing"]
    )
    func failingSource(kind: String) async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0", "1.1")
            _ = try await mirror.mirror(mirror.plan(Self.plan))
            if kind == "empty" {
                for tag in ["1.0", "1.1", "latest"] { try await mirror.deleteAtSource(tag) }
            }
            try await FaultProxy.use(before: mirror.source.host) { request in
                guard request.uri.contains("/tags/list") else { return .none }
                return switch kind {
                case "missing": .answer(.notFound)
                case "failing": .answer(.forbidden)
                default: .none
                }
            } _: { source in
                let run = try await mirror.mirror(mirror.plan(Self.plan, source: source.host), expecting: 1)
                #expect(run.counts["deleted"] == 0 && (run.counts["failed"] ?? 0) > 0)
                #expect(try await mirror.tags("app") == ["1.0", "1.1"])
            }
        }
    }

    @Test("more than a plan allows are not deleted at all")
    func limit() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0", "1.1", "1.2", "1.3")
            let plan = try mirror.plan(
                "sources: [{from: SOURCE/app, to: DESTINATION, tags: ['1.*'], delete: gone, delete_at_most: 2}]"
            )
            _ = try await mirror.mirror(plan)
            for tag in ["1.0", "1.1", "1.2"] { try await mirror.deleteAtSource(tag) }
            let run = try await mirror.mirror(plan, expecting: 1)
            #expect(run.outcomes.contains { $0.reason?.contains("'delete_at_most' is 2") == true })
            #expect(try await mirror.tags("app").count == 4)
        }
    }

    @Test("two sources that fill one repository don't delete each other's tags")
    func twoSources() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("one", "1.0")
            try await mirror.push("two", "1.1")
            let plan = try mirror.plan(
                """
                defaults: {to: DESTINATION/all, tags: ['1.*'], delete: gone}
                sources: [{from: SOURCE/one}, {from: SOURCE/two}]
                """
            )
            for _ in 0..<2 {
                #expect(try await mirror.mirror(plan).counts["deleted"] == 0)
                #expect(try await mirror.tags("all") == ["1.0", "1.1"])
            }
        }
    }

    @Test("a registry that deletes no tag alone keeps it, and the report says why")
    func dockerRegistry() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench, to: .dockerRegistry)
            try await mirror.push("app", "1.0", "1.1")
            let plan = try mirror.plan(Self.plan)
            _ = try await mirror.mirror(plan)
            try await mirror.deleteAtSource("1.0")
            let run = try await mirror.mirror(plan, expecting: 1)
            #expect(run.outcomes.contains { $0.reason?.contains("deletes no tag alone") == true })
            #expect(try await mirror.tags("app") == ["1.0", "1.1"])
        }
    }
}

extension MirrorBench {
    func deleteAtSource(_ tag: String) async throws {
        try await RegistryClient(registry: source.host).delete(.tag(Tag(tag)), in: RepositoryName("app"))
    }
}
