import ImageSpec
import Testing

/// What operators do with a cache, by `berth cache`.
@Suite("Keeping a cache", .timeLimit(.minutes(2)))
struct CacheCommandTests {
    private func withCache(
        _ body:
            @escaping @Sendable (RunningRegistry, FaultProxy, CachingBerthd, @escaping @Sendable ([String]) -> Command)
            async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["http://\(proxy.host)"],
                    top: "cache_size: 4MiB\n"
                )
                let berth = try Berth(on: bench)
                try await body(hub, proxy, cache) { words in
                    berth(["cache"] + words + ["--server", cache.host.rawValue])
                }
            }
        }
    }

    @Test("an image is fetched before anybody asks for it, listed, and dropped with what nothing else needs")
    func warmListEvict() async throws {
        try await withCache { hub, proxy, cache, command in
            let shared = pseudorandomBytes(30_000, seed: 1)
            let own = pseudorandomBytes(40_000, seed: 2)
            let manifest = try await hub.push(layers: [shared, own], to: "app", tag: "1")
            try await hub.push(layers: [shared], to: "app", tag: "2")
            let warmed = try await command(["warm", "hub.test/app:1", "hub.test/app:2"]).output()
            #expect(warmed.hasPrefix("hub.test/app:1: \(manifest.digest())\nhub.test/app:2: sha256:"))
            proxy.forget()
            let layer = try await cache.blob(.of(own), of: "app")
            #expect(Digest.of(layer.body) == Digest.of(own))
            #expect(proxy.requests.isEmpty)

            let list = try await command(["ls"]).output()
            #expect(list.split(separator: "\n").count == 3)
            #expect(list.contains("hub.test/app   1") && list.contains("70kB"))
            let one = try await command(["ls", "*:2"]).output()
            #expect(one.split(separator: "\n").count == 2)

            let evicted = try await command(["evict", "hub.test/app:1"]).output()
            #expect(evicted == "Evicted 1 tags and 1 blobs, 40kB")
            let left = try await cache.blob(.of(shared), of: "app")
            #expect(left.status == 200)
            #expect(proxy.requests.isEmpty)
            let again = try await cache.blob(.of(own), of: "app")
            #expect(again.status == 200)
            #expect(!proxy.requests.isEmpty)
        }
    }

    @Test("what is pinned stays when room is needed, and goes when the pin is taken back")
    func pins() async throws {
        try await withCache { hub, _, cache, command in
            let pinned = pseudorandomBytes(1 << 20, seed: 1)
            try await hub.push(layers: [pinned], to: "keep", tag: "v1")
            let pins = try await command(["pin", "hub.test/keep:*"]).output()
            #expect(pins == "hub.test/keep:*")
            _ = try await command(["warm", "hub.test/keep:v1"]).output()
            let list = try await command(["ls"]).output()
            #expect(list.contains("yes"))
            try await Task.sleep(for: .seconds(1.1))
            for seed in 10..<16 {
                let digest = try await hub.push(pseudorandomBytes(1 << 20, seed: UInt64(seed)), to: "app")
                _ = try await cache.blob(digest, of: "app")
            }
            let kept = try names(in: cache.folder.appending("blobs/sha256/\(Digest.of(pinned).hex.prefix(2))"))
            #expect(kept.contains { $0.hasPrefix(Digest.of(pinned).hex) })
            let none = try await command(["unpin", "hub.test/keep:*"]).output()
            #expect(none == "")
            let missing = try await command(["unpin", "hub.test/keep:*"]).run()
            #expect(missing.status == .exited(1))
            #expect(missing.errorText == "berth: there is no pin 'hub.test/keep:*'\n")
        }
    }

    @Test("the state is shown for people and as JSON; errors are one line")
    func status() async throws {
        try await withCache { hub, _, cache, command in
            try await hub.push(layers: [[1, 2, 3]], to: "app", tag: "1")
            let manifest = try await cache.manifest("1", of: "app")
            #expect(manifest.status == 200)
            let text = try await command(["status"]).output()
            #expect(text.contains("Manifests: 0 here, 1 fetched") && text.contains("hub.test   127.0.0.1:"))
            let json = try await command(["status", "--format", "json"]).output()
            #expect(json.contains(#""manifestMisses":1"#) && json.contains(#""limit":4194304"#))
            let missing = try await command(["warm", "hub.test/none:1"]).run()
            #expect(missing.status == .exited(1))
            #expect(missing.errorText.hasPrefix("berth: there is no manifest"))
            let local = try await command(["warm", "elsewhere:1"]).run()
            #expect(local.status == .exited(1))
        }
    }

    @Test("no page in a browser can give orders to the listener")
    func forgery() async throws {
        try await TestBench.use { bench in
            let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://127.0.0.1:1"])
            let order = Array(#"{"pattern":"*"}"#.utf8)
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
                let reply = try await cache.registry.call(
                    .POST,
                    "/api/v1/cache/evict",
                    headers: ["content-type": type],
                    body: order
                )
                #expect(reply.status == 415)
            }
        }
    }
}
