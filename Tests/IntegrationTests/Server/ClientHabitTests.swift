import Foundation
import ImageSpec
import NIOHTTP1
import Testing

/// What clients do beyond the specification, as `docs/api.md` lists it.
@Suite("Clients' habits over HTTP")
struct ClientHabitTests {
    @Test("a path may end with a slash, and a query may say more than is known")
    func paths() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let layer = pseudorandomBytes(10)
            let manifest = try await registry.push(layers: [layer], to: "app", tag: "v1")
            for path in [
                "", "_catalog", "app/tags/list", "app/manifests/v1", "app/manifests/\(manifest.digest())",
                "app/blobs/\(Digest.of(layer))", "app/referrers/\(manifest.digest())",
            ] {
                for ending in ["", "/", "?ns=docker.io", "/?ns=docker.io&x"] {
                    let reply = try await registry.call(.GET, "/v2/\(path)\(ending)")
                    #expect(reply.status == 200, "\(path)\(ending)")
                }
            }
            #expect(try await registry.call(.GET, "/v2").status == 200)
            #expect(try await registry.call(.POST, "/v2/app/blobs/uploads").status == 202)
            #expect(try await registry.call(.GET, "/v2/app/tags/list//").status == 404)
        }
    }

    @Test("OPTIONS tells the methods; a session's HEAD is its GET")
    func methods() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let options = try await registry.call(.OPTIONS, "/v2/app/manifests/v1")
            #expect(options.status == 204)
            #expect(options.headers["allow"] == ["GET, HEAD, PUT, DELETE, OPTIONS"])
            let session = try await registry.startUpload(in: "app")
            let get = try await registry.call(.GET, session)
            let head = try await registry.call(.HEAD, session)
            for reply in [get, head] {
                #expect(reply.status == 204)
                #expect(reply.headers["range"] == ["0-0"])
                #expect(reply.headers["location"] == [session])
                #expect(reply.headers["docker-upload-uuid"].first.map { session.hasSuffix($0) } == true)
            }
        }
    }

    @Test("a client that keeps a list of referrers under the fall-back tag finds it again, beside ours")
    func fallBackTag() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let subject = try await registry.push(layers: [], to: "app", tag: "v1")
            let tag = "\(subject.digest())".replacing(":", with: "-")
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(tag)").status == 404)
            var image = ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: Array("{}".utf8)),
                layers: [],
                annotations: ["x": "y"]
            )
            image.subject = subject.descriptor
            let referrer = try Manifest(image)
            #expect(try await registry.put(referrer, to: "app", at: "\(referrer.digest())").status == 201)
            let list = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: [referrer.descriptor])))
            #expect(try await registry.put(list, to: "app", at: tag).status == 201)
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(tag)").body.elementsEqual(list.bytes))
            let ours = try await registry.call(.GET, "/v2/app/referrers/\(subject.digest())")
            #expect(ours.text.contains("\(referrer.digest())"))
            #expect(try await registry.call(.DELETE, "/v2/app/manifests/\(tag)").status == 202)
        }
    }
}
