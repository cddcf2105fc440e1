import NIOHTTP1
import Testing

@Suite("Paths and names over HTTP")
struct NameTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    @Test(
        "a name that is not valid is refused as such on every endpoint",
        arguments: ["A", "a/B", "-a", "a-", "a..b", "a/_b", "a___b", "a//b", "a%2Fb", "%2e%2e", "a/..", "a%00b", "ä"]
    )
    func invalidNames(name: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let calls: [(HTTPMethod, String)] = [
                (.GET, "blobs/\(Self.digest)"), (.POST, "blobs/uploads/"), (.GET, "manifests/latest"),
                (.PUT, "manifests/latest"), (.GET, "tags/list"),
            ]
            let raw = name.unicodeScalars.contains { !$0.isASCII } ? "%C3%A4" : name
            for (method, path) in calls {
                let reply = try await registry.call(method, "/v2/\(raw)/\(path)")
                #expect(reply.status == 400, "\(method) \(path)")
                #expect(reply.errorCodes == ["NAME_INVALID"], "\(method) \(path)")
            }
        }
    }

    @Test("a name past 255 characters is refused, one of 255 is not")
    func longName() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let longest = String(repeating: "a", count: 255)
            #expect(try await registry.call(.POST, "/v2/\(longest)/blobs/uploads/").status == 202)
            #expect(try await registry.call(.POST, "/v2/\(longest)a/blobs/uploads/").errorCodes == ["NAME_INVALID"])
        }
    }

    @Test(
        "a repository may have parts that are the protocol's own words",
        arguments: ["blobs", "manifests/tags", "a/blobs/uploads", "v2/v2", "tags/list"]
    )
    func wordsOfTheProtocol(name: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [[1]], to: name, tag: "blobs")
            #expect(try await registry.call(.GET, "/v2/\(name)/manifests/blobs").body.elementsEqual(manifest.bytes))
            #expect(try await registry.call(.GET, "/v2/\(name)/tags/list").status == 200)
        }
    }

    @Test("a digest may come percent-encoded")
    func percentEncoding() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push([1, 2, 3], to: "app")
            let encoded = "\(digest)".replacing(":", with: "%3A")
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(encoded)").body == [1, 2, 3])
        }
    }

    @Test("what is no endpoint, and no method of one, is refused with the protocol's errors")
    func noEndpoint() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for path in [
                "/", "/v1/", "/v2/app", "/v2/app/blobs", "/v2/app/other/x", "/v2/_catalog/x", "/v3/app/tags/list",
                "/favicon.ico",
            ] {
                let reply = try await registry.call(.GET, path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.errorCodes == ["UNSUPPORTED"], "\(path)")
            }
            for (method, path) in [
                (HTTPMethod.POST, "/v2/"), (.PUT, "/v2/app/tags/list"), (.POST, "/v2/app/manifests/latest"),
                (.PATCH, "/v2/app/blobs/\(Self.digest)"),
            ] {
                let reply = try await registry.call(method, path)
                #expect(reply.status == 405, "\(method) \(path)")
                #expect(reply.errorCodes == ["UNSUPPORTED"], "\(method) \(path)")
                #expect(reply.headers["allow"].first?.isEmpty == false, "\(method) \(path)")
            }
        }
    }
}
