import Foundation
import ImageSpec
import NIOHTTP1
import Testing

@Suite("Manifests over HTTP")
struct ManifestTests {
    @Test("a manifest comes back byte for byte by tag and by digest, and HEAD tells the same")
    func roundTrip() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let pushed = try await registry.push(layers: [pseudorandomBytes(10)], to: "team/app", tag: "v1")
            // Not as a writer of JSON would have it: the bytes are what counts.
            let bytes = Array("\n\t ".utf8) + pushed.bytes + Array("\n".utf8)
            let odd = try Manifest(parsing: bytes, contentType: .ociManifest)
            let put = try await registry.put(odd, to: "team/app", at: "v1")
            #expect(put.status == 201)
            #expect(put.headers["location"] == ["/v2/team/app/manifests/\(odd.digest())"])
            #expect(put.headers["docker-content-digest"] == ["\(odd.digest())"])
            for reference in ["v1", "\(odd.digest())"] {
                let get = try await registry.call(.GET, "/v2/team/app/manifests/\(reference)")
                let head = try await registry.call(.HEAD, "/v2/team/app/manifests/\(reference)")
                #expect(get.body.elementsEqual(bytes))
                #expect(head.body.isEmpty)
                for reply in [get, head] {
                    #expect(reply.status == 200)
                    #expect(reply.headers["content-type"] == [MediaType.ociManifest.rawValue])
                    #expect(reply.headers["docker-content-digest"] == ["\(odd.digest())"])
                    #expect(reply.headers["content-length"] == ["\(bytes.count)"])
                }
            }
            let first = try await registry.call(.GET, "/v2/team/app/manifests/\(pushed.digest())")
            #expect(first.body.elementsEqual(pushed.bytes))
        }
    }

    @Test("a manifest whose digest is wrong is refused, and isn't there")
    func wrongDigest() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "v1")
            let wrong = Digest.of([1])
            let reply = try await registry.put(manifest, to: "app", at: "\(wrong)")
            #expect(reply.status == 400)
            #expect(reply.errorCodes == ["DIGEST_INVALID"])
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(wrong)").errorCodes == ["MANIFEST_UNKNOWN"])
        }
    }

    @Test("what can't be a tag names no manifest, and can't be pushed to")
    func invalidTag() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "v1")
            let path = "/v2/app/manifests/.not-a-tag"
            #expect(try await registry.call(.GET, path).errorCodes == ["MANIFEST_UNKNOWN"])
            #expect(try await registry.call(.HEAD, path).status == 404)
            #expect(try await registry.call(.HEAD, path).body.isEmpty)
            #expect(try await registry.put(manifest, to: "app", at: ".not-a-tag").status == 400)
        }
    }

    @Test("a manifest may be pushed by a sha512 digest")
    func sha512() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "v1")
            let digest = manifest.digest(by: .sha512)
            #expect(try await registry.put(manifest, to: "app", at: "\(digest)").status == 201)
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(digest)").body.elementsEqual(manifest.bytes))
        }
    }

    @Test("a manifest that names what the repository doesn't have is refused, and changes nothing")
    func missingReferences() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let layer = pseudorandomBytes(10)
            let here = try await registry.push(layers: [], to: "app", tag: "v1")
            try await registry.push(layer, to: "elsewhere")
            let config = Descriptor(mediaType: .ociConfig, content: Array("{}".utf8))
            let missing = Descriptor(mediaType: .ociLayer, content: layer)
            let image = try Manifest(ImageManifest(config: config, layers: [missing]))
            let reply = try await registry.put(image, to: "app", at: "v1")
            #expect(reply.status == 400)
            #expect(reply.errorCodes == ["MANIFEST_BLOB_UNKNOWN"])
            #expect(reply.errors.first?.detail == ["\(missing.digest)"])

            let index = try index(of: [here.descriptor, image.descriptor])
            #expect(try await registry.put(index, to: "app", at: "v1").errorCodes == ["MANIFEST_BLOB_UNKNOWN"])
            #expect(
                try await registry.put(image, to: "new/repository", at: "v1").errorCodes == ["MANIFEST_BLOB_UNKNOWN"]
            )

            #expect(try await registry.call(.GET, "/v2/app/manifests/v1").body.elementsEqual(here.bytes))
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(image.digest())").status == 404)
            #expect(try await registry.call(.GET, "/v2/new/repository/tags/list").errorCodes == ["NAME_UNKNOWN"])
        }
    }

    @Test("an index of what is there is accepted, and a foreign layer needn't be there")
    func indexAndForeignLayer() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let child = try await registry.push(layers: [pseudorandomBytes(3)], to: "app", tag: "child")
            let index = try index(of: [child.descriptor])
            #expect(try await registry.put(index, to: "app", at: "latest").status == 201)
            let reply = try await registry.call(.GET, "/v2/app/manifests/latest")
            #expect(reply.body.elementsEqual(index.bytes))
            #expect(reply.headers["content-type"] == [MediaType.ociIndex.rawValue])

            let foreign = Descriptor(
                mediaType: try MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
                digest: .of([9, 9]),
                size: 2
            )
            let config = Descriptor(mediaType: .ociConfig, content: Array("{}".utf8))
            let image = try Manifest(ImageManifest(config: config, layers: [foreign]))
            #expect(try await registry.put(image, to: "app", at: "windows").status == 201)
        }
    }

    @Test(
        "what isn't a manifest is refused",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"schemaVersion":1}"#, #"{"schemaVersion":2}"#,
            #"{"schemaVersion":2,"manifests":[],"layers":[]}"#,
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#,
            #"{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:1","size":1}}"#,
            String(repeating: "[", count: 100_000),
        ]
    )
    func malformed(text: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let reply = try await registry.call(
                .PUT,
                "/v2/app/manifests/v1",
                headers: ["content-type": MediaType.ociManifest.rawValue],
                body: Array(text.utf8)
            )
            #expect(reply.status == 400)
            #expect(["MANIFEST_INVALID", "DIGEST_INVALID"].contains(reply.errorCodes.first))
        }
    }

    @Test("a manifest past 4 MiB is refused, one just below is not")
    func size() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let small = try await registry.push(layers: [], to: "app", tag: "v1")
            let padding = [UInt8](repeating: UInt8(ascii: " "), count: (4 << 20) - small.bytes.count)
            let largest = try Manifest(parsing: small.bytes + padding, contentType: .ociManifest)
            #expect(try await registry.put(largest, to: "app", at: "large").status == 201)
            let tooLarge = try Manifest(parsing: largest.bytes + [UInt8(ascii: " ")], contentType: .ociManifest)
            #expect(try await registry.put(tooLarge, to: "app", at: "larger").status == 413)
        }
    }

    @Test("a client is given a manifest only of a type that it accepts")
    func negotiation() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await registry.push(layers: [], to: "app", tag: "v1")
            let oci = MediaType.ociManifest.rawValue
            for accept in [nil, oci, "*/*", "application/json", "text/plain, \(oci);q=0.5", "application/*"] {
                let headers: HTTPHeaders = accept.map { ["accept": $0] } ?? [:]
                #expect(try await registry.call(.GET, "/v2/app/manifests/v1", headers: headers).status == 200)
            }
            let other: HTTPHeaders = ["accept": MediaType.dockerManifest.rawValue]
            let reply = try await registry.call(.GET, "/v2/app/manifests/v1", headers: other)
            #expect(reply.status == 404)
            #expect(reply.errorCodes == ["MANIFEST_UNKNOWN"])
            #expect(reply.errors.first?.message.contains(oci) == true)
        }
    }

    @Test("deleting a tag leaves the manifest and the other tags; deleting a manifest takes its tags")
    func delete() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "app", tag: "one")
            for tag in ["two", "three"] { _ = try await registry.put(manifest, to: "app", at: tag) }
            let other = try await registry.push(layers: [pseudorandomBytes(1)], to: "app", tag: "other")

            #expect(try await registry.call(.DELETE, "/v2/app/manifests/one").status == 202)
            #expect(try await registry.call(.DELETE, "/v2/app/manifests/one").errorCodes == ["MANIFEST_UNKNOWN"])
            #expect(try await registry.call(.GET, "/v2/app/manifests/two").body.elementsEqual(manifest.bytes))

            #expect(try await registry.call(.DELETE, "/v2/app/manifests/\(manifest.digest())").status == 202)
            #expect(try await registry.call(.GET, "/v2/app/manifests/two").status == 404)
            #expect(try await registry.call(.GET, "/v2/app/tags/list").text == #"{"name":"app","tags":["other"]}"#)
            #expect(try await registry.call(.GET, "/v2/app/manifests/other").body.elementsEqual(other.bytes))
        }
    }

    @Test("tags are listed in order, page by page")
    func tags() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let manifest = try await registry.push(layers: [], to: "team/app", tag: "b")
            for tag in ["a", "C", "_x", "b.1"] { _ = try await registry.put(manifest, to: "team/app", at: tag) }
            let all = try await registry.call(.GET, "/v2/team/app/tags/list")
            #expect(all.text == #"{"name":"team/app","tags":["C","_x","a","b","b.1"]}"#)
            #expect(all.headers["link"] == [])

            var pages: [[String]] = []
            var next: String? = "/v2/team/app/tags/list?n=2"
            while let path = next {
                let page = try await registry.call(.GET, path)
                pages.append(try JSONDecoder().decode(TagPage.self, from: Data(page.body)).tags)
                next = page.headers["link"].first.map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(pages == [["C", "_x"], ["a", "b"], ["b.1"]])
            #expect(try await registry.call(.GET, "/v2/team/app/tags/list?n=none").status == 400)
            #expect(try await registry.call(.GET, "/v2/nowhere/tags/list").errorCodes == ["NAME_UNKNOWN"])
        }
    }

    @Test("what has a subject is listed as its referrer, by type too, whether or not the subject is there")
    func referrers() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let subject = try await registry.push(layers: [], to: "app", tag: "v1")
            let path = "/v2/app/referrers/\(subject.digest())"
            #expect(try await descriptors(registry.call(.GET, path)).isEmpty)

            var pushed: Set<Digest> = []
            for (type, annotations) in [
                ("a/signature", ["by": "me"]), ("a/bill+json", [:]), ("a/bill+json", ["x": "y"]),
            ] {
                var image = ImageManifest(
                    config: Descriptor(mediaType: .ociConfig, content: Array("{}".utf8)),
                    layers: [],
                    annotations: annotations
                )
                image.artifactType = try MediaType(type)
                image.subject = subject.descriptor
                let referrer = try Manifest(image)
                let reply = try await registry.put(referrer, to: "app", at: "\(referrer.digest())")
                #expect(reply.status == 201)
                #expect(reply.headers["oci-subject"] == ["\(subject.digest())"])
                pushed.insert(referrer.digest())
            }
            let all = try await registry.call(.GET, path)
            #expect(all.headers["content-type"] == [MediaType.ociIndex.rawValue])
            #expect(try Set(descriptors(all).map(\.digest)) == pushed)
            #expect(
                try descriptors(all).contains {
                    $0.annotations == ["by": "me"] && $0.artifactType?.rawValue == "a/signature"
                }
            )

            let bills = try await registry.call(.GET, "\(path)?artifactType=a/bill%2Bjson")
            #expect(bills.headers["oci-filters-applied"] == ["artifactType"])
            #expect(try descriptors(bills).count == 2)

            #expect(try await registry.call(.DELETE, "/v2/app/manifests/\(subject.digest())").status == 202)
            #expect(try await descriptors(registry.call(.GET, path)).count == 3)
            #expect(try await descriptors(registry.call(.GET, "/v2/other/referrers/\(subject.digest())")).isEmpty)
            #expect(try await registry.call(.GET, "/v2/app/referrers/sha256:abc").status == 400)
        }
    }

    @Test("referrers that don't fit into one answer come page by page")
    func referrerPages() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let subject = try await registry.push(layers: [], to: "app", tag: "v1")
            for number in 0..<5 {
                var image = ImageManifest(
                    config: Descriptor(mediaType: .ociConfig, content: Array("{}".utf8)),
                    layers: [],
                    annotations: ["large": String(repeating: "\(number)", count: 1_500_000)]
                )
                image.subject = subject.descriptor
                let referrer = try Manifest(image)
                #expect(try await registry.put(referrer, to: "app", at: "\(referrer.digest())").status == 201)
            }
            var pages: [Int] = []
            var found: Set<Digest> = []
            var next: String? =
                "/v2/app/referrers/\(subject.digest())?artifactType=\(MediaType.ociConfig.rawValue.replacing("+", with: "%2B"))"
            while let path = next {
                let page = try await registry.call(.GET, path)
                let referrers = try descriptors(page)
                pages.append(referrers.count)
                found.formUnion(referrers.map(\.digest))
                next = page.headers["link"].first.map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(pages == [2, 2, 1])
            #expect(found.count == 5)
        }
    }

    private func descriptors(_ reply: Reply) throws -> [Descriptor] {
        #expect(reply.status == 200)
        guard case .index(let index) = try Manifest(parsing: reply.body).content else { return [] }
        return index.manifests
    }

    private struct TagPage: Decodable {
        let tags: [String]
    }

    private func index(of manifests: [Descriptor]) throws -> Manifest {
        try Manifest(parsing: canonicalJSON(ImageIndex(manifests: manifests)))
    }
}
