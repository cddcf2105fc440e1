import ImageSpec
import NIOHTTP1
import Testing

@Suite("Deletion over HTTP")
struct DeletionTests {
    @Test("a blob is deleted from its repository alone, at once, and can be pushed again")
    func blob() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let bytes = pseudorandomBytes(1000)
            for repository in ["app", "other"] { try await registry.push(bytes, to: repository) }
            let path = "/v2/app/blobs/\(Digest.of(bytes))"
            #expect(try await registry.call(.DELETE, path).status == 202)
            #expect(try await registry.call(.HEAD, path).status == 404)
            #expect(try await registry.call(.GET, path).errorCodes == ["BLOB_UNKNOWN"])
            #expect(try await registry.call(.DELETE, path).errorCodes == ["BLOB_UNKNOWN"])
            #expect(try await registry.call(.DELETE, "/v2/nowhere/blobs/\(Digest.of(bytes))").status == 404)
            let elsewhere = try await registry.call(.GET, "/v2/other/blobs/\(Digest.of(bytes))")
            #expect(elsewhere.body.elementsEqual(bytes))
            try await registry.push(bytes, to: "app")
            #expect(try await registry.call(.GET, path).body.elementsEqual(bytes))
        }
    }

    @Test("a blob that an image of the repository needs is not deleted; the answer names the image")
    func neededBlob() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let layer = pseudorandomBytes(10)
            let image = try await registry.push(layers: [layer], to: "app", tag: "v1")
            let path = "/v2/app/blobs/\(Digest.of(layer))"
            let refused = try await registry.call(.DELETE, path)
            #expect(refused.status == 409)
            #expect(refused.errorCodes == ["DENIED"])
            #expect(refused.errors.first?.detail == ["\(image.digest())"])
            #expect(try await registry.call(.GET, path).body.elementsEqual(layer))

            #expect(try await registry.call(.DELETE, "/v2/app/manifests/\(image.digest())").status == 202)
            #expect(try await registry.call(.DELETE, path).status == 202)
        }
    }

    @Test("a referrer that is deleted is listed no more")
    func referrer() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let subject = try await registry.push(layers: [], to: "app", tag: "v1")
            var image = ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: Array("{}".utf8)),
                layers: []
            )
            image.subject = subject.descriptor
            let referrer = try Manifest(image)
            #expect(try await registry.put(referrer, to: "app", at: "signature").status == 201)
            let path = "/v2/app/referrers/\(subject.digest())"
            #expect(try await registry.call(.GET, path).text.contains("\(referrer.digest())"))
            #expect(try await registry.call(.DELETE, "/v2/app/manifests/\(referrer.digest())").status == 202)
            #expect(try await !registry.call(.GET, path).text.contains("\(referrer.digest())"))
        }
    }
}
