import ImageSpec
import NIOHTTP1
import Testing

@Suite("Tags pushed with a manifest")
struct TagParameterTests {
    @Test(
        "a manifest pushed by digest is given the tags of the query, all at once",
        arguments: DigestAlgorithm.allCases
    )
    func tags(algorithm: DigestAlgorithm) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "old")
            let digest = manifest.digest(by: algorithm)
            let reply = try await registry.put(manifest, to: "app", at: "\(digest)?tag=1.2.3&tag=1.2&tag=1&tag=1.2")
            #expect(reply.status == 201)
            #expect(reply.headers[canonicalForm: "oci-tag"].map(String.init) == ["1.2.3", "1.2", "1"])
            for tag in ["1.2.3", "1.2", "1"] {
                let pulled = try await registry.call(.GET, "/v2/app/manifests/\(tag)")
                #expect(pulled.headers["docker-content-digest"] == ["\(digest)"])
                #expect(pulled.body.elementsEqual(manifest.bytes))
            }
            let plain = try await registry.put(manifest, to: "app", at: "\(digest)")
            #expect(plain.headers["oci-tag"] == [])
        }
    }

    @Test("a tag that isn't one, or more tags than are taken, are refused, and none is set")
    func refused() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "old")
            let invalid = try await registry.put(manifest, to: "app", at: "\(manifest.digest())?tag=good&tag=.bad")
            #expect(invalid.status == 400)
            let many = (0...100).map { "tag=t\($0)" }.joined(separator: "&")
            let tooMany = try await registry.put(manifest, to: "app", at: "\(manifest.digest())?\(many)")
            #expect(tooMany.status == 414)
            #expect(tooMany.errorCodes == ["UNSUPPORTED"])
            #expect(try await registry.call(.GET, "/v2/app/tags/list").text == #"{"name":"app","tags":["old"]}"#)
            let most = (0..<100).map { "tag=t\($0)" }.joined(separator: "&")
            #expect(try await registry.put(manifest, to: "app", at: "\(manifest.digest())?\(most)").status == 201)
        }
    }
}
