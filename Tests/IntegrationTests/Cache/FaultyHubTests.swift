import ImageSpec
import NIOHTTP1
import Glibc
import SystemPackage
import Testing

/// Blobs from hubs that cut, stall, lie and forget.
@Suite("Blobs of faulty hubs", .timeLimit(.minutes(5)))
struct FaultyHubTests {
    private func withHub(
        _ content: [UInt8],
        _ plan: @escaping FaultProxy.Plan,
        _ body: @escaping @Sendable (FaultProxy, CachingBerthd, Digest) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let digest = try await hub.push(content, to: "app")
            try await FaultProxy.use(before: hub.host, plan) { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                try await body(proxy, cache, digest)
            }
        }
    }

    @Test("connections that are cut again and again go on where they were cut, for a client that sees none of it")
    func cuts() async throws {
        let content = pseudorandomBytes(9 << 20)
        try await withHub(content) { request in
            request.isBlobPull ? .cutResponse(after: 700_000) : .none
        } _: { proxy, cache, digest in
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
            // What was on the way when it was cut is lost to both.
            #expect(proxy.pulledBytes < content.count + (3 << 20))
        }
    }

    @Test("a connection that stalls is left for another")
    func stalls() async throws {
        let content = pseudorandomBytes(2 << 20)
        try await withHub(content) { request in
            request.isBlobPull && request.number < 2 ? .stallResponse(after: 300_000) : .none
        } _: { _, cache, digest in
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
        }
    }

    @Test(
        "answers that say not now are asked again",
        arguments: [
            HTTPResponseStatus.internalServerError, .badGateway, .serviceUnavailable, .tooManyRequests,
        ]
    )
    func notNow(status: HTTPResponseStatus) async throws {
        let content = pseudorandomBytes(2 << 20)
        try await withHub(content) { request in
            request.isBlobPull && request.number < 4 ? .answer(status, ("retry-after", "1")) : .none
        } _: { _, cache, digest in
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
        }
    }

    @Test("a hub that knows no ranges sends the whole, once, and again from its start after a cut")
    func withoutRanges() async throws {
        let content = pseudorandomBytes(12 << 20)
        try await withHub(content) { request in
            var fault = Fault.none
            fault.dropsRange = true
            if request.isBlobPull, request.number < 3 { fault.responseBreak = (5_000_000, .cut) }
            return fault
        } _: { proxy, cache, digest in
            let reply = try await cache.blob(digest, of: "app")
            #expect(Digest.of(reply.body) == Digest.of(content))
            #expect(proxy.pulledBytes < 4 * content.count)
        }
    }

    @Test(
        "wrong bytes are never a blob: who was sent them is cut off before the last byte, and the next fetch is right"
    )
    func wrongBytes() async throws {
        let content = pseudorandomBytes(3 << 20)
        try await withHub(content) { request in
            request.isBlobPull && request.number < 3 ? .corrupted(at: 1_000_000) : .none
        } _: { _, cache, digest in
            let connection = try RawConnection(to: cache.host)
            try connection.send(
                "GET /v2/hub.test/app/blobs/\(digest) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            let received = try? connection.readToEnd()
            #expect(received?.suffix(1 << 20).elementsEqual(content.suffix(1 << 20)) != true)
            let whole = try await poll(within: .seconds(20)) { () -> [UInt8]? in
                let reply = try? await cache.blob(digest, of: "app")
                return reply?.status == 200 ? reply?.body : nil
            }
            #expect(whole.map { Digest.of($0) } == Digest.of(content))
        }
    }

    @Test("a hub that only has wrong bytes is told as one that fails, and nothing of them is kept")
    func onlyWrongBytes() async throws {
        let content = pseudorandomBytes(100_000)
        try await withHub(content) { request in
            request.isBlobPull ? .corrupted(at: 50_000) : .none
        } _: { _, cache, digest in
            for _ in 0..<2 {
                let reply = try? await cache.blob(digest, of: "app")
                #expect(reply == nil || reply?.status == 502)
            }
            let files = try names(in: cache.folder.appending("blobs/sha256/\(digest.hex.prefix(2))"))
            #expect(files.isEmpty)
        }
    }

    @Test("a hub that isn't there at all is told as that, soon")
    func nobody() async throws {
        try await TestBench.use { bench in
            let port = try LoopbackPort.free()
            let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://127.0.0.1:\(port)"])
            let start = ContinuousClock.now
            let reply = try await cache.manifest("latest", of: "app")
            #expect(reply.status == 502)
            #expect(reply.text.contains("hub.test"))
            let blob = try await cache.blob(.of([1]), of: "app")
            #expect(blob.status == 502)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("after a SIGKILL in the middle of a pull, the next server goes on, and the hub sends little twice")
    func killed() async throws {
        let content = pseudorandomBytes(24 << 20)
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let digest = try await hub.push(content, to: "app")
            try await FaultProxy.use(before: hub.host) { _ in
                .throttled(to: 4 << 20)
            } _: { proxy in
                var cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                for _ in 0..<2 {
                    let connection = try RawConnection(to: cache.host)
                    try connection.send("GET /v2/hub.test/app/blobs/\(digest) HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try connection.read()
                    let before = proxy.pulledBytes
                    #expect(
                        try await poll(within: .seconds(20)) { proxy.pulledBytes > before + (7 << 20) ? true : nil }
                            == true
                    )
                    cache.registry.process.send(signal: SIGKILL)
                    _ = try await cache.registry.process.result(within: .seconds(10))
                    cache = try await cache.startAgain(on: bench)
                }
                // It goes on by itself, and whoever asks joins.
                let reply = try await cache.blob(digest, of: "app")
                #expect(Digest.of(reply.body) == Digest.of(content))
                // A block and what was on its way, for each of four connections, twice.
                #expect(proxy.pulledBytes < content.count + 2 * 4 * (2 << 20))
            }
        }
    }
}
