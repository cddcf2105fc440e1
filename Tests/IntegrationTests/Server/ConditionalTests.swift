import ImageSpec
import NIOHTTP1
import Testing

@Suite("Conditional requests over HTTP")
struct ConditionalTests {
    @Test("who has a manifest or blob is told that it is still so, without its bytes")
    func notModified() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let layer = pseudorandomBytes(1000)
            let manifest = try await registry.push(layers: [layer], to: "app", tag: "v1")
            for (path, digest) in [
                ("manifests/v1", manifest.digest()), ("manifests/\(manifest.digest())", manifest.digest()),
                ("blobs/\(Digest.of(layer))", .of(layer)),
            ] {
                let path = "/v2/app/\(path)"
                #expect(try await registry.call(.GET, path).headers["etag"] == ["\"\(digest)\""])
                for method in [HTTPMethod.GET, .HEAD] {
                    for tag in ["\"\(digest)\"", "W/\"\(digest)\"", "\"x\", \"\(digest)\"", "*", "\(digest)"] {
                        let reply = try await registry.call(method, path, headers: ["if-none-match": tag])
                        #expect(reply.status == 304, "\(method) \(path) \(tag)")
                        #expect(reply.body.isEmpty)
                        #expect(reply.headers["etag"] == ["\"\(digest)\""])
                        #expect(reply.headers["docker-content-digest"] == ["\(digest)"])
                    }
                    for tag in ["\"other\"", "\"\(Digest.of([9]))\"", ""] {
                        let reply = try await registry.call(method, path, headers: ["if-none-match": tag])
                        #expect(reply.status == 200, "\(method) \(path) \(tag)")
                    }
                    let match = try await registry.call(method, path, headers: ["if-match": "\"\(digest)\""])
                    #expect(match.status == 200)
                    let mismatch = try await registry.call(method, path, headers: ["if-match": "\"other\""])
                    #expect(mismatch.status == 412)
                }
            }
            let missing = "/v2/app/blobs/\(Digest.of([9]))"
            #expect(try await registry.call(.GET, missing, headers: ["if-none-match": "*"]).status == 404)
        }
    }

    @Test("a cache may keep what a digest names, and must ask again for a tag")
    func cacheControl() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "v1")
            let byTag = try await registry.call(.GET, "/v2/app/manifests/v1")
            #expect(byTag.headers["cache-control"] == ["no-cache"])
            let byDigest = try await registry.call(.GET, "/v2/app/manifests/\(manifest.digest())")
            #expect(byDigest.headers["cache-control"].first?.contains("immutable") == true)
            for reply in [byTag, byDigest] { #expect(reply.headers["vary"] == ["Accept"]) }
        }
    }

    @Test("of two who change a tag that they have read, one is told that it has changed")
    func conditionalPush() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let first = try await registry.push(layers: [], to: "app", tag: "v1")
            let second = try await registry.push(layers: [[1]], to: "app", tag: "other")
            let path = "/v2/app/manifests/v1"
            func put(_ manifest: Manifest, _ condition: HTTPHeaders) async throws -> Reply {
                var headers = condition
                headers.add(name: "content-type", value: manifest.mediaType.rawValue)
                return try await registry.call(.PUT, path, headers: headers, body: manifest.bytes)
            }
            #expect(try await put(second, ["if-none-match": "*"]).status == 412)
            #expect(try await put(second, ["if-match": "\"\(second.digest())\""]).status == 412)
            #expect(try await registry.call(.GET, path).body.elementsEqual(first.bytes))
            #expect(try await put(second, ["if-match": "\"\(first.digest())\""]).status == 201)
            let late = try await put(first, ["if-match": "\"\(first.digest())\""])
            #expect(late.status == 412)
            #expect(late.headers["etag"] == ["\"\(second.digest())\""])
            #expect(try await registry.call(.GET, path).body.elementsEqual(second.bytes))

            let stale: HTTPHeaders = ["if-match": "\"\(first.digest())\""]
            #expect(try await registry.call(.DELETE, path, headers: stale).status == 412)
            let current: HTTPHeaders = ["if-match": "\"\(second.digest())\""]
            #expect(try await registry.call(.DELETE, path, headers: current).status == 202)
            #expect(try await put(first, ["if-none-match": "*"]).status == 201)
        }
    }

    @Test("HEAD has every header of GET, for what is there and for what isn't")
    func headIsGet() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [[1]], to: "app", tag: "v1")
            try await registry.push(layers: [[1]], to: "app", tag: "v2")
            for path in [
                "", "app/manifests/v1", "app/manifests/\(manifest.digest())", "app/manifests/none",
                "app/blobs/\(Digest.of([1]))", "app/blobs/\(Digest.of([9]))", "app/blobs/wrong", "app/tags/list",
                "app/tags/list?n=1", "app/tags/list?n=x", "none/tags/list", "_catalog", "_catalog?n=1",
                "app/referrers/\(manifest.digest())", "app/referrers/wrong", "app/nothing",
            ] {
                let get = try await registry.call(.GET, "/v2/\(path)")
                let head = try await registry.call(.HEAD, "/v2/\(path)")
                #expect(head.status == get.status, "\(path)")
                #expect(head.body.isEmpty, "\(path)")
                #expect(fields(head) == fields(get), "\(path)")
                #expect(head.headers["content-length"] == ["\(get.body.count)"], "\(path)")
            }
        }
    }

    private func fields(_ reply: Reply) -> [String: String] {
        var fields = Dictionary(reply.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        fields["date"] = nil
        fields["x-request-id"] = nil
        return fields
    }
}
