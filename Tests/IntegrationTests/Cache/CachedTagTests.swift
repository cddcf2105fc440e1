import ImageSpec
import NIOHTTP1
import Synchronization
import Testing

/// What a tag stands for, as time passes and the hub comes and goes.
@Suite("Tags of cached repositories", .timeLimit(.minutes(3)))
struct CachedTagTests {
    /// What the proxy does from now on.
    private final class Weather: Sendable {
        private let fault = Mutex(Fault.none)
        func change(_ new: Fault) { fault.withLock { $0 = new } }
        var now: Fault { fault.withLock { $0 } }
    }

    /// A hub with `app:latest`, a proxy before it, and a cache whose tags hold for a second.
    private func withCache(
        settings: String = "tag_ttl: 1s\nnot_found_ttl: 1s",
        _ body: @escaping @Sendable (RunningRegistry, FaultProxy, CachingBerthd, Weather) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await hub.push(layers: [[1]], to: "app", tag: "latest")
            let weather = Weather()
            try await FaultProxy.use(before: hub.host) { _ in
                weather.now
            } _: { proxy in
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["http://\(proxy.host)"],
                    settings: settings
                )
                try await body(hub, proxy, cache, weather)
            }
        }
    }

    private func manifestRequests(_ proxy: FaultProxy) -> [HTTPMethod] {
        proxy.requests.filter { $0.uri.contains("/manifests/") }.map(\.method)
    }

    @Test("a tag is asked for again after its time, by a HEAD, and fetched only when it has moved")
    func revalidation() async throws {
        try await withCache { hub, proxy, cache, _ in
            let first = try await cache.manifest("latest", of: "app")
            _ = try await cache.manifest("latest", of: "app")
            #expect(manifestRequests(proxy) == [.GET])
            try await Task.sleep(for: .seconds(2))
            #expect(try await cache.manifest("latest", of: "app").body == first.body)
            #expect(manifestRequests(proxy) == [.GET, .HEAD])
            let moved = try await hub.push(layers: [[2]], to: "app", tag: "latest")
            try await Task.sleep(for: .seconds(2))
            #expect(try await cache.manifest("latest", of: "app").body == moved.bytes)
            #expect(manifestRequests(proxy) == [.GET, .HEAD, .HEAD, .GET])
        }
    }

    @Test("many who ask at once for a tag that is due cost the hub one request")
    func coalescing() async throws {
        try await withCache { _, proxy, cache, weather in
            _ = try await cache.manifest("latest", of: "app")
            try await Task.sleep(for: .seconds(2))
            proxy.forget()
            var slow = Fault.none
            slow.bytesPerSecond = 1000
            weather.change(slow)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 { group.addTask { try await cache.manifest("latest", of: "app").status } }
                for try await status in group { #expect(status == 200) }
            }
            #expect(manifestRequests(proxy) == [.HEAD])
        }
    }

    @Test("a tag that matches an immutable pattern is never asked for again, also after a restart")
    func immutable() async throws {
        let settings = "tag_ttl: 1s\ntags: [{match: 'v*.*.*', ttl: immutable}]"
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let manifest = try await hub.push(layers: [[1]], to: "app", tag: "v1.2.3")
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                var cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["http://\(proxy.host)"],
                    settings: settings
                )
                _ = try await cache.manifest("v1.2.3", of: "app")
                try await hub.push(layers: [[2]], to: "app", tag: "v1.2.3")
                try await Task.sleep(for: .seconds(2))
                await cache.registry.process.stop()
                cache = try await cache.startAgain(on: bench)
                #expect(try await cache.manifest("v1.2.3", of: "app").body == manifest.bytes)
                #expect(manifestRequests(proxy) == [.GET])
            }
        }
    }

    @Test("an upstream that fails means the cached copy with a warning, until it comes back")
    func stale() async throws {
        // With 200 and nothing else it answers, but not as a registry.
        let statuses: [HTTPResponseStatus] = [
            .tooManyRequests, .unauthorized, .forbidden, .internalServerError, .badGateway, .serviceUnavailable, .ok,
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for status in statuses { group.addTask { try await stale(status) } }
            try await group.waitForAll()
        }
    }

    private func stale(_ status: HTTPResponseStatus) async throws {
        try await withCache { _, _, cache, weather in
            let first = try await cache.manifest("latest", of: "app")
            try await Task.sleep(for: .seconds(2))
            weather.change(.answer(status, ("content-length", "0")))
            let stale = try await cache.manifest("latest", of: "app")
            #expect(stale.status == 200, "\(status)")
            #expect(stale.body == first.body, "\(status)")
            #expect(stale.headers.first(name: "warning")?.hasPrefix("111 berthd ") == true, "\(status)")
            weather.change(.none)
            let recovered = try await poll(within: .seconds(30)) {
                let reply = try await cache.manifest("latest", of: "app")
                return reply.headers.contains(name: "warning") ? nil : reply.body
            }
            #expect(recovered == first.body, "\(status)")
        }
    }

    @Test("a cached copy is served no longer than stale_if_error allows")
    func tooStale() async throws {
        try await withCache(settings: "tag_ttl: 1s\nstale_if_error: 3s") { _, _, cache, weather in
            _ = try await cache.manifest("latest", of: "app")
            weather.change(.answer(.internalServerError))
            try await Task.sleep(for: .seconds(2))
            #expect(try await cache.manifest("latest", of: "app").status == 200)
            try await Task.sleep(for: .seconds(2))
            let late = try await cache.manifest("latest", of: "app")
            #expect(late.status == 502)
            #expect(late.errorCodes == ["UNAVAILABLE"])
        }
    }

    @Test(
        "what isn't here is told with what the upstream said: that it is asked too often, that it is down, that it lacks it"
    )
    func nothingHere() async throws {
        try await withCache { _, proxy, cache, weather in
            weather.change(.answer(.tooManyRequests, ("retry-after", "7")))
            let limited = try await cache.manifest("other", of: "app")
            #expect(limited.status == 429)
            #expect(limited.errorCodes == ["TOOMANYREQUESTS"])
            #expect(limited.headers.first(name: "retry-after").flatMap { Int($0) } ?? 0 > 3)
            weather.change(.none)
            // Left alone for as long as it asked.
            let asked = proxy.requests.count
            #expect(try await cache.manifest("other", of: "app").status == 429)
            #expect(proxy.requests.count == asked)
        }
        try await withCache { _, proxy, cache, _ in
            for _ in 0..<5 {
                let status = try await cache.manifest("other", of: "app").status
                #expect(status == 404)
            }
            #expect(manifestRequests(proxy) == [.GET])
        }
    }

    @Test("a tag that the upstream has deleted goes, or stays where it is said to", arguments: [true, false])
    func deleted(isKept: Bool) async throws {
        let settings = "tag_ttl: 1s\ndeleted_tags: \(isKept ? "keep" : "remove")"
        try await withCache(settings: settings) { hub, _, cache, _ in
            let first = try await cache.manifest("latest", of: "app")
            _ = try await hub.call(.DELETE, "/v2/app/manifests/latest")
            try await Task.sleep(for: .seconds(2))
            let reply = try await cache.manifest("latest", of: "app")
            #expect(reply.status == (isKept ? 200 : 404))
            if isKept { #expect(reply.body == first.body) }
        }
    }

    @Test("a hub that doesn't answer keeps nobody waiting who could have what is here")
    func slow() async throws {
        try await withCache { _, _, cache, weather in
            _ = try await cache.manifest("latest", of: "app")
            try await Task.sleep(for: .seconds(2))
            weather.change(.stallResponse(after: 0))
            let start = ContinuousClock.now
            // A HEAD has no body to stall in: its answer is held back by a slow proxy instead.
            let reply = try await cache.manifest("latest", of: "app")
            #expect(reply.status == 200)
            #expect(ContinuousClock.now - start < .seconds(6))
        }
    }

    @Test("the list of tags is the upstream's, joined with what is here, in pages; and what is here when it is down")
    func lists() async throws {
        try await withCache(settings: "list_ttl: 1s\ntag_ttl: 1s\ndeleted_tags: keep") { hub, _, cache, weather in
            _ = try await cache.manifest("latest", of: "app")
            for tag in ["a", "b", "z"] { try await hub.push(layers: [[1]], to: "app", tag: tag) }
            _ = try await hub.call(.DELETE, "/v2/app/manifests/latest")
            let all = try await cache.registry.call(.GET, "/v2/hub.test/app/tags/list")
            #expect(all.text == #"{"name":"hub.test/app","tags":["a","b","latest","z"]}"#)
            let page = try await cache.registry.call(.GET, "/v2/hub.test/app/tags/list?n=2&last=a")
            #expect(page.text.contains(#"["b","latest"]"#))
            #expect(page.headers.first(name: "link")?.contains("last=latest") == true)
            weather.change(.answer(.badGateway))
            try await Task.sleep(for: .seconds(2))
            let stale = try await cache.registry.call(.GET, "/v2/hub.test/app/tags/list")
            #expect(stale.text == all.text)
            #expect(stale.headers.contains(name: "warning"))
        }
    }
}
