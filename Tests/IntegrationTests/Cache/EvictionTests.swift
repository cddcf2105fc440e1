import Foundation
import Glibc
import ImageSpec
import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

/// A cache with room for four blobs of a mebibyte.
@Suite("The size of caches", .timeLimit(.minutes(3)))
struct EvictionTests {
    private static let blobSize = 1 << 20

    private func withCache(
        _ plan: @escaping FaultProxy.Plan = { _ in .none },
        settings: String = "",
        limit: String = "4MiB",
        _ body: @escaping @Sendable (RunningRegistry, FaultProxy, CachingBerthd) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await FaultProxy.use(before: hub.host, plan) { proxy in
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["http://\(proxy.host)"],
                    settings: settings,
                    top: "cache_size: \(limit)\n"
                )
                try await body(hub, proxy, cache)
            }
        }
    }

    private func push(_ count: Int, to hub: RunningRegistry) async throws -> [Digest] {
        var digests: [Digest] = []
        for seed in 0..<count {
            digests.append(try await hub.push(pseudorandomBytes(Self.blobSize, seed: UInt64(seed + 1)), to: "app"))
        }
        return digests
    }

    /// In bytes, of all files of blobs and of downloads.
    private static func bytes(in folder: FilePath) throws -> Int {
        var sum = 0
        for algorithm in ["blobs/sha256"] {
            for prefix in try names(in: folder.appending(algorithm)) {
                for name in try names(in: folder.appending(algorithm).appending(prefix)) {
                    sum += size(ofFileAt: folder.appending(algorithm).appending(prefix).appending(name))
                }
            }
        }
        for name in (try? names(in: folder.appending("downloads"))) ?? [] where !name.contains("progress") {
            sum += size(ofFileAt: folder.appending("downloads").appending(name))
        }
        return sum
    }

    private static func size(ofFileAt path: FilePath) -> Int {
        var status = stat()
        return stat(path.string, &status) == 0 ? Int(status.st_size) : 0
    }

    private func isCached(_ digest: Digest, _ cache: CachingBerthd) throws -> Bool {
        try !names(in: cache.folder.appending("blobs/sha256/\(digest.hex.prefix(2))")).allSatisfy {
            !$0.hasPrefix(digest.hex)
        }
    }

    @Test("what was not used longest goes first")
    func leastRecentlyUsed() async throws {
        try await withCache { hub, _, cache in
            let blobs = try await push(6, to: hub)
            for blob in blobs.prefix(4) {
                _ = try await cache.blob(blob, of: "app")
                try await Task.sleep(for: .seconds(1.1))
            }
            // The first is used again.
            _ = try await cache.blob(blobs[0], of: "app")
            _ = try await cache.blob(blobs[4], of: "app")
            #expect(try isCached(blobs[0], cache))
            #expect(try !isCached(blobs[1], cache))
            _ = try await cache.blob(blobs[5], of: "app")
            #expect(try isCached(blobs[0], cache))
            #expect(try !isCached(blobs[2], cache))
        }
    }

    @Test("the limit holds while many blobs come at once, and all of them come whole")
    func exact() async throws {
        try await withCache({ _ in .throttled(to: 2 << 20) }) { hub, _, cache in
            let blobs = try await push(16, to: hub)
            let most = Mutex(0)
            let sampler = Task {
                while !Task.isCancelled {
                    if let bytes = try? Self.bytes(in: cache.folder) { most.withLock { $0 = max($0, bytes) } }
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, digest) in blobs.enumerated() {
                    group.addTask {
                        // One that finds the cache full of what is on its way is handed on past it.
                        let reply = try await cache.blob(digest, of: "app")
                        #expect(
                            reply.body.elementsEqual(pseudorandomBytes(Self.blobSize, seed: UInt64(index + 1)))
                        )
                    }
                }
                try await group.waitForAll()
            }
            sampler.cancel()
            #expect(most.withLock { $0 } <= 4 << 20)
            #expect(most.withLock { $0 } > 2 << 20)
        }
    }

    @Test("what is being read stays until its reader has it, and what finds no room comes all the same")
    func reading() async throws {
        try await withCache { hub, _, cache in
            let blobs = try await push(6, to: hub)
            for blob in blobs.prefix(4) { _ = try await cache.blob(blob, of: "app") }
            // Readers of all four who don't read.
            var readers: [RawConnection] = []
            for blob in blobs.prefix(4) {
                let reader = try RawConnection(to: cache.host)
                try reader.send("GET /v2/hub.test/app/blobs/\(blob) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                _ = try reader.read(until: "\r\n\r\n")
                readers.append(reader)
            }
            let full = try await cache.blob(blobs[4], of: "app")
            #expect(Digest.of(full.body) == blobs[4])
            // A loopback socket may have taken a whole small blob already, which then may go.
            #expect(try blobs.prefix(4).filter { try isCached($0, cache) }.count >= 3)
            readers = []
            let later = try await poll(within: .seconds(20)) { () -> Bool? in
                _ = try await cache.blob(blobs[5], of: "app")
                return try isCached(blobs[5], cache) ? true : nil
            }
            #expect(later == true)
        }
    }

    @Test("pinned images stay, and blobs that a local repository has")
    func pins() async throws {
        try await withCache(settings: "pins: ['keep*:v*']", limit: "5MiB") { hub, proxy, cache in
            let pinned = pseudorandomBytes(Self.blobSize, seed: 100)
            try await hub.push(layers: [pinned], to: "keep/this", tag: "v1")
            let shared = pseudorandomBytes(Self.blobSize, seed: 200)
            try await hub.push(shared, to: "app")
            #expect(try await cache.manifest("v1", of: "keep/this").status == 200)
            _ = try await cache.blob(.of(pinned), of: "keep/this")
            _ = try await cache.blob(.of(shared), of: "app")
            // A reader has the last byte before the blob is known to be stored.
            let mounted = try await poll(within: .seconds(10)) { () -> Int? in
                let reply = try await cache.registry.call(
                    .POST,
                    "/v2/mine/blobs/uploads/?mount=\(Digest.of(shared))&from=hub.test/app"
                )
                return reply.status == 201 ? reply.status : nil
            }
            #expect(mounted == 201)
            try await Task.sleep(for: .seconds(1.1))
            for blob in try await push(8, to: hub) {
                let reply = try await cache.blob(blob, of: "app")
                #expect(reply.status == 200)
            }
            #expect(try isCached(.of(pinned), cache))
            #expect(try isCached(.of(shared), cache))
            proxy.forget()
            #expect(try await cache.manifest("v1", of: "keep/this").status == 200)
            #expect(proxy.requests.isEmpty)
            let local = try await cache.registry.call(.GET, "/v2/mine/blobs/\(Digest.of(shared))")
            #expect(Digest.of(local.body) == Digest.of(shared))
        }
    }

    @Test("a blob larger than the whole cache is handed on, whole or in parts, and not kept")
    func tooLarge() async throws {
        try await withCache { hub, proxy, cache in
            let content = pseudorandomBytes(5 << 20)
            let large = try await hub.push(content, to: "app")
            let whole = try await cache.blob(large, of: "app")
            #expect(whole.status == 200 && whole.body.elementsEqual(content))
            #expect(proxy.pulledBytes == content.count)
            let part = try await cache.blob(large, of: "app", range: "bytes=3000000-3000099")
            #expect(part.status == 206 && part.body.elementsEqual(content[3_000_000..<3_000_100]))
            #expect(try !isCached(large, cache))
            #expect(((try? names(in: cache.folder.appending("downloads"))) ?? []).isEmpty)
            // What was evicted comes again.
            let blobs = try await push(5, to: hub)
            for blob in blobs + blobs {
                let reply = try await cache.blob(blob, of: "app")
                #expect(Digest.of(reply.body) == blob)
            }
        }
    }

    @Test("a hub that cuts a blob that is only handed on is asked for the rest")
    func tooLargeAndCut() async throws {
        try await withCache({ request in
            request.isBlobPull && request.number < 3 ? .cutResponse(after: 1_000_000) : .none
        }) { hub, proxy, cache in
            let content = pseudorandomBytes(5 << 20)
            let large = try await hub.push(content, to: "app")
            let whole = try await cache.blob(large, of: "app")
            #expect(whole.body.elementsEqual(content))
            // What was on the way when it was cut may be lost with the connection, and no more.
            let lost = 512 << 10
            #expect(proxy.pulledBytes <= content.count + lost)
            let starts = proxy.requests.compactMap { $0.header("range") }
                .compactMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
            #expect(starts.count == 2, "\(starts)")
            for (start, end) in zip(starts, ([0] + starts).map { $0 + 1_000_000 }) {
                #expect((end - lost...end).contains(start), "\(starts)")
            }
        }
    }

    @Test("a client that is handed a blob on that turns out wrong has its connection cut before the end")
    func tooLargeAndWrong() async throws {
        try await withCache({ $0.isBlobPull ? .corrupted(at: 2_000_000) : .none }) { hub, _, cache in
            let large = try await hub.push(pseudorandomBytes(5 << 20), to: "app")
            let reader = try RawConnection(to: cache.host)
            try reader.send("GET /v2/hub.test/app/blobs/\(large) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            _ = try reader.read(until: "\r\n\r\n")
            let rest = (try? reader.readToEnd()) ?? []
            #expect(rest.count < 5 << 20)
        }
    }

    @Test("manifests count, and the one that was not used longest goes with its tag")
    func manifests() async throws {
        try await withCache { hub, _, cache in
            for number in 0..<4 { try await pushLargeManifest(number, to: hub) }
            for number in 0..<3 {
                #expect(try await cache.manifest("v\(number)", of: "app").status == 200)
                try await Task.sleep(for: .seconds(1.1))
            }
            #expect(try await tags(cache) == ["v0", "v1", "v2"])
            // The first is used again.
            #expect(try await cache.manifest("v0", of: "app").status == 200)
            let last = try await cache.manifest("v3", of: "app")
            #expect(last.status == 200)
            #expect(try await tags(cache) == ["v0", "v2", "v3"])
            let status = try await cache.registry.call(.GET, "/api/v1/cache/status")
            let held = try JSONDecoder().decode(Held.self, from: Data(status.body))
            #expect(held.manifestBytes > 3 << 20 && held.manifestBytes + held.blobBytes <= 4 << 20)
            #expect(held.evictedManifests == 1)
            #expect(try await cache.manifest("v1", of: "app").status == 200)
        }
    }

    private struct Held: Decodable {
        let blobBytes: Int
        let manifestBytes: Int
        let evictedManifests: Int
    }

    /// One of a mebibyte, for its annotation.
    private func pushLargeManifest(_ number: Int, to hub: RunningRegistry) async throws {
        let config = Array("{}".utf8)
        try await hub.push(config, to: "app")
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: config),
                layers: [],
                annotations: ["number": "\(number)", "text": String(repeating: "x", count: 1 << 20)]
            )
        )
        let reply = try await hub.put(manifest, to: "app", at: "v\(number)")
        #expect(reply.status == 201)
    }

    private func tags(_ cache: CachingBerthd) async throws -> [String] {
        struct Image: Decodable { let tag: String }
        let reply = try await cache.registry.call(.GET, "/api/v1/cache/images")
        return try JSONDecoder().decode([Image].self, from: Data(reply.body)).map(\.tag)
    }

    @Test("an image that goes takes those of its blobs along that no other one needs")
    func images() async throws {
        try await withCache { hub, _, cache in
            let shared = pseudorandomBytes(300_000, seed: 100)
            let own = (0..<4).map { pseudorandomBytes(Self.blobSize, seed: UInt64($0 + 1)) }
            for number in 0..<4 {
                let layers = number < 2 ? [shared, own[number]] : [own[number]]
                try await hub.push(layers: layers, to: "app", tag: "v\(number)")
            }
            for number in 0..<4 {
                #expect(try await cache.manifest("v\(number)", of: "app").status == 200)
                _ = try await cache.blob(.of(own[number]), of: "app")
                if number == 0 { _ = try await cache.blob(.of(shared), of: "app") }
                try await Task.sleep(for: .seconds(1.1))
            }
            #expect(try await tags(cache) == ["v1", "v2", "v3"])
            #expect(try !isCached(.of(own[0]), cache))
            // It was used no later than the first image was, but the second needs it.
            #expect(try isCached(.of(shared), cache))
            for number in 1..<4 { #expect(try isCached(.of(own[number]), cache)) }
        }
    }
}
