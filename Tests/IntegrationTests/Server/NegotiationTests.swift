import Foundation
import ImageSpec
import NIOHTTP1
import Testing

@Suite("Kinds of manifests over HTTP")
struct NegotiationTests {
    private static let dockerTypes: [(list: MediaType, image: MediaType)] = [
        (.dockerManifestList, .dockerManifest), (.ociIndex, .ociManifest),
    ]

    @Test("who asks a tag for an image and knows no indexes is given the one for linux/amd64", arguments: dockerTypes)
    func oldClient(list: MediaType, image: MediaType) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let arm = try await push(image, layer: 1, to: registry)
            let amd = try await push(image, layer: 2, to: registry)
            let index = try index(list, [(arm, "arm64"), (amd, "amd64")])
            #expect(try await registry.put(index, to: "app", at: "latest").status == 201)

            let old: HTTPHeaders = ["accept": image.rawValue]
            for method in [HTTPMethod.GET, .HEAD] {
                let reply = try await registry.call(method, "/v2/app/manifests/latest", headers: old)
                #expect(reply.status == 200)
                #expect(reply.headers["content-type"] == [image.rawValue])
                #expect(reply.headers["docker-content-digest"] == ["\(amd.digest())"])
                if method == .GET { #expect(reply.body.elementsEqual(amd.bytes)) }
            }
            let byDigest = try await registry.call(.GET, "/v2/app/manifests/\(index.digest())", headers: old)
            #expect(byDigest.errorCodes == ["MANIFEST_UNKNOWN"])
            let both: HTTPHeaders = ["accept": "\(image), \(list)"]
            let reply = try await registry.call(.GET, "/v2/app/manifests/latest", headers: both)
            #expect(reply.body.elementsEqual(index.bytes))
            let onlyArm = try self.index(list, [(arm, "arm64")])
            #expect(try await registry.put(onlyArm, to: "app", at: "arm").status == 201)
            #expect(try await registry.call(.GET, "/v2/app/manifests/arm", headers: old).status == 404)
        }
    }

    @Test("a type of weight 0 isn't accepted; letters' case doesn't matter")
    func weights() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await registry.push(layers: [], to: "app", tag: "v1")
            let oci = MediaType.ociManifest.rawValue
            for (accept, status) in [
                ("\(oci);q=0", 404), ("\(oci); q=0.0", 404), ("\(oci);q=0.1", 200), (oci.uppercased(), 200), ("", 200),
                ("text/html, \(oci);v=1;q=0", 404), ("\(oci);q=0, */*", 200),
            ] {
                let reply = try await registry.call(.GET, "/v2/app/manifests/v1", headers: ["accept": accept])
                #expect(reply.status == status, "\(accept)")
            }
        }
    }

    @Test(
        "a schema 1 manifest is refused with what to do",
        arguments: ["v1+json", "v1+prettyjws", "v2+json"]
    )
    func schema1(type: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let reply = try await registry.call(
                .PUT,
                "/v2/app/manifests/v1",
                headers: ["content-type": "application/vnd.docker.distribution.manifest.\(type)"],
                body: Array(#"{"schemaVersion":1,"name":"app","tag":"v1","fsLayers":[],"history":[]}"#.utf8)
            )
            #expect(reply.status == 400)
            #expect(reply.errorCodes == ["MANIFEST_INVALID"])
            #expect(reply.errors.first?.message.contains("schema 1") == true)
            #expect(reply.errors.first?.detail?.isEmpty == false)

            try await registry.push(layers: [], to: "app", tag: "v2")
            let old: HTTPHeaders = ["accept": "application/vnd.docker.distribution.manifest.v1+prettyjws"]
            let pull = try await registry.call(.GET, "/v2/app/manifests/v2", headers: old)
            #expect(pull.status == 404)
            #expect(pull.errors.first?.detail?.isEmpty == false)
        }
    }

    @Test("artifacts of any kind are taken: charts, caches, and what has no layers")
    func artifacts() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await registry.push(Array("{}".utf8), to: "app")
            try await registry.push([7], to: "app")
            for (config, layer) in [
                ("application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip"),
                ("application/vnd.buildkit.cacheconfig.v0", "application/vnd.oci.image.layer.v1.tar+zstd"),
                ("application/vnd.oci.empty.v1+json", "text/spdx+json"),
            ] {
                let manifest = try Manifest(
                    ImageManifest(
                        config: Descriptor(mediaType: MediaType(config), content: Array("{}".utf8)),
                        layers: [Descriptor(mediaType: MediaType(layer), content: [7])]
                    )
                )
                #expect(try await registry.put(manifest, to: "app", at: "x").status == 201)
                #expect(try await registry.call(.GET, "/v2/app/manifests/x").body.elementsEqual(manifest.bytes))
            }
        }
    }

    @Test("a BuildKit cache, an index whose entries are blobs, comes back as it was pushed")
    func buildKitCache() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await registry.push([1], to: "cache")
            let config = Array(#"{"layers":[],"records":[]}"#.utf8)
            try await registry.push(config, to: "cache")
            var index = ImageIndex(manifests: [
                Descriptor(mediaType: .ociLayerGzip, content: [1]),
                Descriptor(mediaType: try MediaType("application/vnd.buildkit.cacheconfig.v0"), content: config),
            ])
            index.manifests[0].annotations = ["buildkit/createdat": "2024-01-01T00:00:00Z"]
            let manifest = try Manifest(parsing: canonicalJSON(index))
            #expect(try await registry.put(manifest, to: "cache", at: "main").status == 201)
            #expect(try await registry.call(.GET, "/v2/cache/manifests/main").body.elementsEqual(manifest.bytes))
            // What the cache is made of is needed as an image's layers are.
            #expect(try await registry.call(.DELETE, "/v2/cache/blobs/\(Digest.of([1]))").status == 409)
            #expect(
                try await registry.put(manifest, to: "elsewhere", at: "main").errorCodes == ["MANIFEST_BLOB_UNKNOWN"]
            )
        }
    }

    private func push(_ type: MediaType, layer: UInt8, to registry: RunningRegistry) async throws -> Manifest {
        let pushed = try await registry.push(layers: [[layer]], to: "app", tag: "layer\(layer)")
        let text = String(decoding: pushed.bytes, as: UTF8.self)
            .replacing(MediaType.ociManifest.rawValue, with: type.rawValue)
        let manifest = try Manifest(parsing: Array(text.utf8))
        #expect(try await registry.put(manifest, to: "app", at: "\(manifest.digest())").status == 201)
        return manifest
    }

    private func index(_ type: MediaType, _ children: [(Manifest, String)]) throws -> Manifest {
        let index = ImageIndex(
            manifests: children.map { child, architecture in
                var descriptor = child.descriptor
                descriptor.platform = Platform(os: "linux", architecture: architecture)
                return descriptor
            }
        )
        let text = String(decoding: try canonicalJSON(index), as: UTF8.self)
            .replacing(MediaType.ociIndex.rawValue, with: type.rawValue)
        return try Manifest(parsing: Array(text.utf8))
    }
}
