import ImageSpec
import RegistryClient
import Testing

@Suite("Platforms and referrers of mirrors", .timeLimit(.minutes(5)), .needs("docker-registry"))
struct MirrorPlatformTests {
    private static let plan = "sources: [{from: SOURCE/app, to: DESTINATION, platforms: [linux/arm64], tags: [latest]}]"

    @Test("of an index only the chosen platforms come, and it stays the same index where the destination takes that")
    func sparse() async throws {
        try await TestBench.use { bench in
            let sparse = ["BERTHD_SPARSE_MANIFESTS": "indexes"]
            let mirror = try await MirrorBench(on: bench, destinationEnvironment: sparse)
            let (source, destination) = (mirror.source, mirror.destination)
            let image = try await MultiPlatformImage.push(to: source.host, RepositoryName("app"))
            let plan = try mirror.plan(Self.plan)
            #expect(try await mirror.mirror(plan).tags("copied") == ["latest"])
            #expect(try await mirror.digest("app", "latest", at: destination) == image.index.digest())
            let client = try RegistryClient(registry: destination.host)
            let repository = try RepositoryName("app")
            #expect(try await client.manifestDigest(.digest(image.manifests[0].digest()), in: repository) == nil)
            #expect(try await client.manifestDigest(.digest(image.manifests[1].digest()), in: repository) != nil)

            // The source is asked for the tag alone.
            try await FaultProxy.use(before: source.host, { _ in .none }) { proxy in
                let plan = try mirror.plan(Self.plan, source: proxy.host)
                #expect(try await mirror.mirror(plan).counts["unchanged"] == 1)
                #expect(proxy.requests.map(\.method) == [.HEAD])
            }
            // A platform that the plan takes up later comes though the index is there.
            let both = try mirror.plan(Self.plan.replacing("[linux/arm64]", with: "[linux/arm64, linux/amd64]"))
            #expect(try await mirror.mirror(both).tags("copied") == ["latest"])
            #expect(try await client.manifestDigest(.digest(image.manifests[0].digest()), in: repository) != nil)
        }
    }

    @Test("elsewhere an excerpt of the index takes its place, and is known again")
    func excerpt() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench, to: .dockerRegistry)
            let image = try await MultiPlatformImage.push(to: mirror.source.host, RepositoryName("app"))
            try await FaultProxy.use(before: mirror.source.host, { _ in .none }) { proxy in
                let plan = try mirror.plan(Self.plan, source: proxy.host)
                let run = try await mirror.mirror(plan)
                #expect(run.outcomes.first?.reason?.contains("excerpt") == true)
                let index = try await RegistryClient(registry: mirror.destination.host)
                    .manifest(.tag(.latest), in: RepositoryName("app"))
                guard case .index(let content) = index.manifest.content else {
                    Issue.record("the tag stands for no index")
                    return
                }
                #expect(content.manifests.map(\.digest) == [image.manifests[1].digest()])
                proxy.forget()
                #expect(try await mirror.mirror(plan).counts["unchanged"] == 1)
                #expect(proxy.requests.map(\.method) == [.HEAD])
            }
        }
    }

    @Test("an index without any of the platforms fails, and says which there are")
    func none() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            _ = try await MultiPlatformImage.push(to: mirror.source.host, RepositoryName("app"))
            let plan = try mirror.plan(Self.plan.replacing("linux/arm64", with: "linux/s390x"))
            let run = try await mirror.mirror(plan, expecting: 1)
            #expect(run.outcomes.contains { $0.reason?.contains("it has linux/amd64, linux/arm64") == true })
        }
    }

    @Test("a signature that is made later comes with the next run, and the source sends no image for it")
    func laterSignature() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let image = try await MultiPlatformImage.push(to: mirror.source.host, RepositoryName("app"))
            let plain = "sources: [{from: SOURCE/app, to: DESTINATION, tags: [latest]}]"
            _ = try await mirror.mirror(mirror.plan(plain))
            try await FaultProxy.use(before: mirror.source.host, { _ in .none }) { proxy in
                let plan = try mirror.plan(plain.replacing("tags:", with: "referrers: true, tags:"), source: proxy.host)
                #expect(try await mirror.mirror(plan).tags("copied") == ["latest"])
                let images = [image.index.digest()] + image.manifests.map { $0.digest() }
                #expect(
                    !proxy.requests.contains { request in
                        request.method == .GET && images.contains { request.uri.hasSuffix("manifests/\($0)") }
                    }
                )
                let listed = try await RegistryClient(registry: mirror.destination.host)
                    .referrers(of: image.index.digest(), in: RepositoryName("app"))
                #expect(listed.map(\.digest) == [image.signature.digest()])
                #expect(try await mirror.tags("app").contains(image.cosignTag))
                #expect(try await mirror.mirror(plan).counts["unchanged"] == 1)
            }
        }
    }
}
