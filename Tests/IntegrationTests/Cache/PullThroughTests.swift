import ImageSpec
import NIOHTTP1
import Synchronization
import Testing

/// The hub is Debian's `docker-registry` or a `berthd`, behind a proxy that counts.
@Suite("Pulling through", .timeLimit(.minutes(5)))
struct PullThroughTests {
    @Test(
        "the first pull fetches each blob once, and the second asks for nothing",
        .needs("docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func once(hub kind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let hub = try await kind.start(on: bench)
            let image = try LayeredImage(sizes: [3 << 20, 20_000, 12 << 20])
            try await image.push(to: "library/app", at: hub.host)
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let first = try Berth(on: bench, root: "first")
                let name = "\(cache.host)/hub.test/library/app"
                _ = try await first("pull", "-q", name).output()
                #expect(proxy.pulledBytes == image.size)
                proxy.forget()
                let second = try Berth(on: bench, root: "second")
                _ = try await second("pull", "-q", name).output()
                #expect(proxy.requests.isEmpty)
                for layer in image.layers {
                    let reply = try await cache.blob(.of(layer), of: "library/app")
                    #expect(reply.body.elementsEqual(layer))
                }
            }
        }
    }

    @Test("the bytes of a blob reach its first client while the hub is still sending them")
    func streams() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let content = pseudorandomBytes(4 << 20)
            try await hub.push(content, to: "app")
            // Two seconds for all.
            try await FaultProxy.use(before: hub.host) { _ in
                .throttled(to: 2 << 20)
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let start = ContinuousClock.now
                let connection = try RawConnection(to: cache.host)
                try connection.send(
                    "GET /v2/hub.test/app/blobs/\(Digest.of(content)) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                )
                _ = try connection.read()
                #expect(ContinuousClock.now - start < .seconds(1))
                let rest = try connection.readToEnd()
                #expect(ContinuousClock.now - start > .seconds(1.5))
                #expect(rest.suffix(1 << 20).elementsEqual(content.suffix(1 << 20)))
            }
        }
    }

    @Test("many clients of one blob share one download, whenever they come and whatever range they want")
    func shared() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let content = pseudorandomBytes(12 << 20)
            let digest = try await hub.push(content, to: "app")
            try await FaultProxy.use(before: hub.host) { _ in
                .throttled(to: 4 << 20)
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for client in 0..<20 {
                        group.addTask {
                            try await Task.sleep(for: .milliseconds(client * 40))
                            guard client.isMultiple(of: 4) else {
                                let reply = try await cache.blob(digest, of: "app")
                                #expect(reply.status == 200)
                                #expect(Digest.of(reply.body) == Digest.of(content))
                                return
                            }
                            let start = client << 18
                            let reply = try await cache.blob(
                                digest,
                                of: "app",
                                range: "bytes=\(start)-\(start + 99_999)"
                            )
                            #expect(reply.status == 206)
                            #expect(reply.body.elementsEqual(content[start..<start + 100_000]))
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(proxy.pulledBytes == content.count)
            }
        }
    }

    @Test(
        "a Range in the middle of a blob that is on its way is answered from that download when its bytes are here",
        arguments: [true, false]
    )
    func rangeOfArriving(isFirst: Bool) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let content = pseudorandomBytes(6 << 20)
            let digest = try await hub.push(content, to: "app")
            // Three seconds for all, over one connection.
            try await FaultProxy.use(before: hub.host) { _ in
                .throttled(to: 2 << 20)
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let whole = try RawConnection(to: cache.host)
                if !isFirst {
                    try whole.send(
                        "GET /v2/hub.test/app/blobs/\(digest) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    )
                    _ = try whole.read()
                }
                let middle = try await cache.blob(digest, of: "app", range: "bytes=2097152-2197151")
                #expect(middle.status == 206)
                #expect(middle.headers["content-range"] == ["bytes 2097152-2197151/\(content.count)"])
                #expect(middle.body.elementsEqual(content[2_097_152..<2_197_152]))
                #expect(proxy.pulledBytes < 4 << 20)
                // Of several parts the first is here, and the second isn't.
                let parts = try await cache.blob(digest, of: "app", range: "bytes=0-9,4194304-4194313")
                #expect(parts.status == 206 && parts.text.contains("bytes 4194304-4194313/\(content.count)"))
                #expect(proxy.pulledBytes < content.count)
                let end = try await cache.blob(digest, of: "app", range: "bytes=-1000")
                #expect(end.status == 206 && end.body.elementsEqual(content.suffix(1000)))
                if !isFirst {
                    #expect(try whole.readToEnd().suffix(1 << 20).elementsEqual(content.suffix(1 << 20)))
                }
                #expect(proxy.pulledBytes == content.count)
                #expect(proxy.requests.filter(\.isBlobPull).count == 1)
            }
        }
    }

    @Test("an image that is here whole is served again and again without a question for each of its layers")
    func warm() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: Array(repeating: 2000, count: 30))
            try await image.push(to: "app", at: hub.host)
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let cache = try await CachingBerthd.start(
                on: bench,
                endpoints: ["http://\(hub.host)"],
                environment: ["BERTHD_METRICS_LISTEN": operation]
            )
            let berth = try Berth(on: bench)
            _ = try await berth("pull", "-q", "\(cache.host)/hub.test/app").output()
            #expect(try await cache.manifest("latest", of: "app").status == 200)
            try await Task.sleep(for: .milliseconds(500))
            let count = #"berthd_database_seconds_count{operation="read"}"#
            let before = try #require(try await cache.registry.metrics(at: "http://\(operation)")[count])
            for _ in 0..<10 {
                #expect(try await cache.manifest("latest", of: "app").status == 200)
                try await Task.sleep(for: .milliseconds(50))
            }
            let after = try #require(try await cache.registry.metrics(at: "http://\(operation)")[count])
            #expect(after - before < 30)
        }
    }

    @Test("a client that leaves, the first one too, doesn't end the download")
    func leaving() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let content = pseudorandomBytes(6 << 20)
            let digest = try await hub.push(content, to: "app")
            try await FaultProxy.use(before: hub.host) { _ in
                .throttled(to: 3 << 20)
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let first = try RawConnection(to: cache.host)
                try first.send("GET /v2/hub.test/app/blobs/\(digest) HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try first.read()
                first.reset()
                // Nobody asks for it meanwhile.
                #expect(
                    try await poll(within: .seconds(30)) { proxy.pulledBytes == content.count ? true : nil } == true
                )
                let reply = try await cache.blob(digest, of: "app")
                #expect(Digest.of(reply.body) == Digest.of(content))
                #expect(proxy.pulledBytes == content.count)
            }
        }
    }

    @Test("of an index only the platform is fetched that is asked for, and the index whole")
    func onePlatform() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try await MultiPlatformImage.push(to: hub.host, RepositoryName("app"))
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let index = try await cache.manifest("latest", of: "app")
                #expect(index.body == image.index.bytes)
                let child = try await cache.manifest("\(image.manifests[1].digest())", of: "app")
                #expect(child.body == image.manifests[1].bytes)
                let requests = proxy.requests.map(\.uri)
                #expect(!requests.contains { $0.contains("\(image.manifests[0].digest())") })
            }
        }
    }

    @Test("the layers of an image are on their way before they are asked for; a HEAD of it fetches none")
    func prefetch() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [50_000, 60_000])
            try await image.push(to: "app", at: hub.host)
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                let head = try await cache.registry.call(.HEAD, "/v2/hub.test/app/manifests/latest")
                #expect(head.status == 200)
                try await Task.sleep(for: .milliseconds(300))
                #expect(proxy.pulledBytes == 0)
                #expect(try await cache.manifest("latest", of: "app").status == 200)
                #expect(try await poll(within: .seconds(30)) { proxy.pulledBytes == image.size ? true : nil } == true)
                #expect(proxy.requests.filter { $0.uri.contains("/manifests/") }.count == 1)
            }
        }
    }

    @Test("local repositories take pushes beside caches, which don't, and share their blobs")
    func pushes() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [2 << 20])
            try await image.push(to: "app", at: hub.host)
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(proxy.host)"])
                try await image.push(to: "mine/app", at: cache.host)
                let refused = try await cache.registry.call(.POST, "/v2/hub.test/app/blobs/uploads/")
                #expect(refused.status == 405)
                #expect(refused.text.contains("is a cache of hub.test"))
                let put = try await cache.registry.put(image.manifest, to: "hub.test/app", at: "new")
                #expect(put.status == 405)
                // What was pushed here isn't fetched: the hub is asked whether it has it, too.
                let reply = try await cache.blob(.of(image.layers[0]), of: "app")
                #expect(reply.body.elementsEqual(image.layers[0]))
                #expect(proxy.pulledBytes == 0)
                #expect(proxy.requests.contains { $0.method == .HEAD && $0.uri.contains("/blobs/") })
            }
        }
    }

    @Test("a digest alone opens nothing that lies in a local repository")
    func digestsAlone() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await hub.push([1], to: "app")
            let cache = try await CachingBerthd.start(on: bench, endpoints: ["http://\(hub.host)"])
            let secret = try await cache.registry.push(Array("secret".utf8), to: "mine/app")
            #expect(try await cache.blob(secret, of: "app").status == 404)
            #expect(try await cache.registry.call(.HEAD, "/v2/hub.test/app/blobs/\(secret)").status == 404)
        }
    }

    @Test("containerd's ns, and names of the default upstream, mean the cached repository")
    func names() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [50_000])
            try await image.push(to: "library/app", at: hub.host)
            let cache = try await CachingBerthd.start(
                on: bench,
                endpoints: ["http://\(hub.host)"],
                top: "default_upstream: hub.test\n"
            )
            let accept: HTTPHeaders = ["accept": MediaType.manifests.map(\.rawValue).joined(separator: ", ")]
            for path in ["/v2/library/app/manifests/latest?ns=hub.test", "/v2/library/app/manifests/latest"] {
                let reply = try await cache.registry.call(.GET, path, headers: accept)
                #expect(reply.body == image.manifest.bytes)
            }
            let catalog = try await cache.registry.call(.GET, "/v2/_catalog")
            #expect(catalog.text == #"{"repositories":["hub.test/library/app"]}"#)
            // What is pushed under such a name is local from then on.
            let other = try LayeredImage(sizes: [40_000])
            try await other.push(to: "library/app", at: cache.host)
            let reply = try await cache.registry.call(.GET, "/v2/library/app/manifests/latest", headers: accept)
            #expect(reply.body == other.manifest.bytes)
            let asked = try await cache.registry.call(
                .GET,
                "/v2/library/app/manifests/latest?ns=hub.test",
                headers: accept
            )
            #expect(asked.body == image.manifest.bytes)
        }
    }
}
