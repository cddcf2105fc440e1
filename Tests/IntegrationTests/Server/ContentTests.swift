import Foundation
import ImageSpec
import NIOHTTP1
import Testing

@Suite("Content of all kinds over HTTP")
struct ContentTests {
    @Test("a blob of no bytes is a blob like others, however it is pushed", arguments: DigestAlgorithm.allCases)
    func emptyBlob(algorithm: DigestAlgorithm) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = Digest.of([], by: algorithm)
            let session = try await registry.startUpload(in: "put")
            #expect(try await registry.call(.PUT, "\(session)?digest=\(digest)").status == 201)
            #expect(try await registry.call(.POST, "/v2/post/blobs/uploads/?digest=\(digest)", body: []).status == 201)
            for repository in ["put", "post"] {
                let path = "/v2/\(repository)/blobs/\(digest)"
                let blob = try await registry.call(.GET, path)
                #expect(blob.status == 200)
                #expect(blob.headers["content-length"] == ["0"])
                #expect(blob.body.isEmpty)
                #expect(try await registry.call(.GET, path, headers: ["range": "bytes=0-"]).status == 416)
            }
        }
    }

    @Test("a last chunk out of order is refused with the true range, and the upload ends well all the same")
    func lastChunk() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let bytes = pseudorandomBytes(200)
            let session = try await registry.startUpload(in: "app")
            let first: HTTPHeaders = ["content-range": "0-99"]
            #expect(try await registry.call(.PATCH, session, headers: first, body: Array(bytes[..<100])).status == 202)
            let path = "\(session)?digest=\(Digest.of(bytes))"
            for range in ["0-99", "101-200"] {
                let rest = Array(bytes[100...])
                let refused = try await registry.call(.PUT, path, headers: ["content-range": range], body: rest)
                #expect(refused.status == 416)
                #expect(refused.headers["range"] == ["0-99"])
            }
            let last: HTTPHeaders = ["content-range": "100-199"]
            #expect(try await registry.call(.PUT, path, headers: last, body: Array(bytes[100...])).status == 201)
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))").body.elementsEqual(bytes))
        }
    }

    @Test(
        "a digest that isn't one is refused as such wherever it is sent",
        arguments: [
            "sha256:abc", "sha256:" + String(repeating: "A", count: 64), "md5:" + String(repeating: "a", count: 32),
        ]
    )
    func invalidDigest(digest: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let session = try await registry.startUpload(in: "app")
            let calls: [(HTTPMethod, String)] = [
                (.GET, "/v2/app/blobs/\(digest)"), (.DELETE, "/v2/app/blobs/\(digest)"),
                (.GET, "/v2/app/manifests/\(digest)"), (.PUT, "/v2/app/manifests/\(digest)"),
                (.GET, "/v2/app/referrers/\(digest)"), (.POST, "/v2/app/blobs/uploads/?digest=\(digest)"),
                (.POST, "/v2/app/blobs/uploads/?mount=\(digest)&from=other"), (.PUT, "\(session)?digest=\(digest)"),
            ]
            for (method, path) in calls {
                let reply = try await registry.call(method, path)
                #expect(reply.status == 400, "\(method) \(path)")
                #expect(reply.errorCodes == ["DIGEST_INVALID"], "\(method) \(path)")
            }
        }
    }

    @Test("an index of an index, fields that nobody knows and embedded data come back as they were pushed")
    func oddManifests() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try await registry.push(layers: [[1]], to: "app", tag: "image")
            let inner = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: [image.descriptor])))
            let outer = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: [inner.descriptor])))
            let config = Digest.of(Array("{}".utf8))
            let odd = #"""
                {"schemaVersion": 2, "org.example.field": {"a": [1, null]},
                 "mediaType": "\#(MediaType.ociManifest)", "artifactType": "application/x.example",
                 "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "\#(config)", "size": 2,
                            "data": "e30=", "org.example.more": true},
                 "layers": []}
                """#
            for (manifest, tag) in [
                (inner, "inner"), (outer, "outer"), (try Manifest(parsing: Array(odd.utf8)), "odd"),
            ] {
                #expect(try await registry.put(manifest, to: "app", at: tag).status == 201)
                #expect(try await registry.call(.GET, "/v2/app/manifests/\(tag)").body.elementsEqual(manifest.bytes))
            }
        }
    }

    @Test("an index is a referrer too; without an artifact type it has none, and only filters that name it find it")
    func indexWithSubject() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let subject = try await registry.push(layers: [], to: "app", tag: "v1")
            for type in [nil, "application/x.list"] {
                var index = ImageIndex(manifests: [subject.descriptor])
                index.subject = subject.descriptor
                index.artifactType = try type.map { try MediaType($0) }
                let manifest = try Manifest(parsing: canonicalJSON(index))
                let reply = try await registry.put(manifest, to: "app", at: "\(manifest.digest())")
                #expect(reply.headers["oci-subject"] == ["\(subject.digest())"])
            }
            let path = "/v2/app/referrers/\(subject.digest())"
            for (query, types) in [
                ("", [nil, "application/x.list"]), ("?artifactType=", [nil, "application/x.list"]),
                ("?artifactType=application/x.list", ["application/x.list"]), ("?artifactType=a/b", []),
            ] as [(String, Set<String?>)] {
                let reply = try await registry.call(.GET, path + query)
                guard case .index(let list) = try Manifest(parsing: reply.body).content else {
                    Issue.record("not an index")
                    return
                }
                #expect(Set(list.manifests.map { $0.artifactType?.rawValue }) == types, "\(query)")
                #expect(reply.headers["oci-filters-applied"].isEmpty == !query.contains("/"), "\(query)")
            }
        }
    }
}
