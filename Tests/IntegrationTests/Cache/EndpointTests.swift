import ImageSpec
import NIOHTTP1
import Testing

/// Upstreams that are to be had at several places.
@Suite("Several endpoints", .timeLimit(.minutes(3)))
struct EndpointTests {
    /// Three endpoints with the same content, each behind a proxy of its own.
    private func withEndpoints(
        _ content: [UInt8],
        _ plans: [FaultProxy.Plan],
        _ body: @escaping @Sendable ([FaultProxy], CachingBerthd, Digest) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let digest = try await hub.push(content, to: "app")
            try await hub.push(layers: [[1]], to: "app", tag: "latest")
            try await FaultProxy.use(before: hub.host, plans[0]) { first in
                try await FaultProxy.use(before: hub.host, plans[1]) { second in
                    try await FaultProxy.use(before: hub.host, plans[2]) { third in
                        let proxies = [first, second, third]
                        let cache = try await CachingBerthd.start(
                            on: bench,
                            endpoints: proxies.map { "http://\($0.host)" }
                        )
                        try await body(proxies, cache, digest)
                    }
                }
            }
        }
    }

    @Test("a large blob comes from all of them at once, each byte from one, in less than half the time")
    func together() async throws {
        let content = pseudorandomBytes(24 << 20)
        let slow: FaultProxy.Plan = { _ in .throttled(to: 4 << 20) }
        try await withEndpoints(content, [slow, slow, slow]) { proxies, cache, digest in
            let start = ContinuousClock.now
            let reply = try await cache.blob(digest, of: "app")
            let time = ContinuousClock.now - start
            #expect(Digest.of(reply.body) == Digest.of(content))
            // Six seconds over one connection.
            #expect(time < .seconds(3.5))
            #expect(proxies.allSatisfy { $0.pulledBytes > 1 << 20 })
            #expect(proxies.map(\.pulledBytes).reduce(0, +) < content.count + (3 << 20))
        }
    }

    @Test("one that is slow gets little to do and keeps nobody waiting")
    func slowOne() async throws {
        let content = pseudorandomBytes(24 << 20)
        let plans: [FaultProxy.Plan] = [
            { _ in .throttled(to: 8 << 20) }, { _ in .throttled(to: 200_000) }, { _ in .throttled(to: 8 << 20) },
        ]
        try await withEndpoints(content, plans) { proxies, cache, digest in
            let start = ContinuousClock.now
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
            #expect(ContinuousClock.now - start < .seconds(8))
            #expect(proxies[1].pulledBytes < 3 << 20)
        }
    }

    @Test("one that fails is left for the others, for manifests and for blobs")
    func failingOne() async throws {
        let content = pseudorandomBytes(3 << 20)
        let plans: [FaultProxy.Plan] = [
            { $0.uri.contains("/blobs/") ? .answer(.internalServerError) : .none }, { _ in .none },
            { _ in .answer(.badGateway) },
        ]
        try await withEndpoints(content, plans) { _, cache, digest in
            #expect(try await cache.manifest("latest", of: "app").status == 200)
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
        }
    }

    @Test("tags are asked for at the trusted ones alone")
    func trust() async throws {
        try await withEndpoints([1], [{ _ in .none }, { _ in .none }, { _ in .none }]) { proxies, cache, _ in
            let manifest = try await cache.manifest("latest", of: "app")
            #expect(manifest.status == 200)
            let tags = try await cache.registry.call(.GET, "/v2/hub.test/app/tags/list")
            #expect(tags.status == 200)
            #expect(!proxies[0].requests.isEmpty)
            // Blobs may come from anywhere.
            let others = proxies.dropFirst().flatMap(\.requests).filter { !$0.uri.contains("/blobs/") }
            #expect(others.isEmpty)
        }
        let down: FaultProxy.Plan = { _ in .answer(.serviceUnavailable) }
        try await withEndpoints([1], [down, { _ in .none }, { _ in .none }]) { _, cache, _ in
            let manifest = try await cache.manifest("latest", of: "app")
            #expect(manifest.status == 502)
        }
    }

    @Test("what an untrusted one lies about is fetched again from a trusted one, and the liar is dropped")
    func liar() async throws {
        let content = pseudorandomBytes(16 << 20)
        let plans: [FaultProxy.Plan] = [
            { _ in .throttled(to: 8 << 20) },
            { request in
                var fault = Fault.throttled(to: 8 << 20)
                if request.isBlobPull { fault.corruptedByte = 1000 }
                return fault
            },
            { _ in .throttled(to: 8 << 20) },
        ]
        try await withEndpoints(content, plans) { proxies, cache, digest in
            let whole = try await poll(within: .seconds(30)) { () -> [UInt8]? in
                let reply = try? await cache.blob(digest, of: "app")
                return reply?.status == 200 ? reply?.body : nil
            }
            #expect(whole.map { Digest.of($0) } == Digest.of(content))
            // Nothing is asked of it any more.
            let before = proxies[1].requests.count
            _ = try? await cache.blob(.of([7]), of: "app")
            #expect(proxies[1].requests.count == before)
        }
    }
}
