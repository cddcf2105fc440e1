import ImageSpec
import TestSupport
import Testing

@Suite("Manifests")
struct ManifestTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    private static func image(mediaType: MediaType?, more: String = "") -> [UInt8] {
        let type = mediaType.map { #""mediaType":"\#($0)","# } ?? ""
        return Array(
            #"""
            {"schemaVersion":2,\#(type)\#(more)
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(digest)","size":7},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":9,
                        "annotations":{"a":"b"},"future":{"x":[1,2.5,null,true]}}]}
            """#.utf8
        )
    }

    @Test("of both families are read, and keep their exact bytes", arguments: [MediaType.ociManifest, .dockerManifest])
    func image(type: MediaType) throws {
        let bytes = Self.image(mediaType: type)
        let manifest = try Manifest(parsing: bytes, contentType: type)
        #expect(manifest.bytes == bytes)
        #expect(manifest.mediaType == type)
        #expect(manifest.digest() == Digest.of(bytes))
        guard case .image(let image) = manifest.content else {
            Issue.record("it should be an image's manifest")
            return
        }
        #expect(image.config.size == 7)
        #expect(image.layers.map(\.annotations) == [["a": "b"]])
        #expect(
            image.layers[0].unknownFields == [
                "future": .object(["x": .array([.integer(1), .number(2.5), .null, .bool(true)])])
            ]
        )
    }

    @Test("that are nested deep are refused, and end no process", arguments: [101, 512, 513, 514, 50_000])
    func nesting(depth: Int) throws {
        for open in ["[", "{\"a\":"] {
            // Foundation's decoder ends the process for 513 brackets and nothing behind them.
            let bytes = Array(String(repeating: open, count: depth).utf8)
            #expect(throws: ImageSpecError.invalidManifest(reason: "it is nested more than 100 levels deep")) {
                try Manifest(parsing: bytes)
            }
        }
        // Brackets within a string nest nothing.
        let text = String(repeating: "[", count: depth) + "\\\"" + String(repeating: "{", count: depth)
        #expect(
            try Manifest(parsing: Self.image(mediaType: .ociManifest, more: "\"annotations\":{\"a\":\"\(text)\"},"))
                .annotations.count == 1
        )
    }

    @Test("that don't state their type are what they came as, or else OCI's")
    func statedType() throws {
        let bytes = Self.image(mediaType: nil)
        #expect(try Manifest(parsing: bytes, contentType: .dockerManifest).mediaType == .dockerManifest)
        #expect(try Manifest(parsing: bytes).mediaType == .ociManifest)
        let index = Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8)
        #expect(try Manifest(parsing: index).mediaType == .ociIndex)
    }

    @Test("that came as another type than they state are refused")
    func disagreement() {
        #expect(throws: ImageSpecError.self) {
            try Manifest(parsing: Self.image(mediaType: .ociManifest), contentType: .dockerManifest)
        }
    }

    @Test("that are an image and an index at once are refused")
    func ambiguous() {
        #expect(throws: ImageSpecError.invalidManifest(reason: "it has both 'manifests' and 'config' or 'layers'")) {
            try Manifest(parsing: Self.image(mediaType: nil, more: #""manifests":[],"#))
        }
    }

    @Test("have an artifact type: the stated one, else the config's")
    func artifactType() throws {
        let plain = try Manifest(parsing: Self.image(mediaType: .ociManifest))
        #expect(plain.artifactType == .ociConfig)
        let stated = try Manifest(
            parsing: Self.image(mediaType: .ociManifest, more: #""artifactType":"application/example","#)
        )
        #expect(stated.artifactType?.rawValue == "application/example")
    }

    @Test(
        "that aren't valid say where",
        arguments: [
            (#"{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"\#(digest)","size":-1}}"#, "negative size"),
            (#"{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"\#(digest)"}}"#, "'config.size' is missing"),
            (
                #"{"schemaVersion":2,"config":{"mediaType":"ab","digest":"\#(digest)","size":1}}"#,
                "'ab' is not a media type"
            ),
            (#"{"schemaVersion":2,"config":[]}"#, "wrong type"),
            (#"{"schemaVersion":3}"#, "schemaVersion is 3"),
            (#"{"schemaVersion":2}"#, "'config' is missing"),
            (#"{"schemaVersion":2,"#, "not well-formed JSON"),
            ("\u{0}", "not well-formed JSON"),
        ]
    )
    func refusal(text: String, reason: String) {
        #expect {
            try Manifest(parsing: Array(text.utf8))
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    @Test("as deep as their size allows are refused, not a crash")
    func depth() {
        for nesting in ["[", #"{"a":"#] {
            let text = #"{"schemaVersion":2,"x":"# + String(repeating: nesting, count: 500_000)
            #expect(throws: ImageSpecError.self) { try Manifest(parsing: Array(text.utf8)) }
        }
    }

    @Test("that cost more to read than their size tells are refused")
    func manyValues() throws {
        let values = String(repeating: "0,", count: 1_000_000) + "0"
        let text = #"{"schemaVersion":2,"manifests":[],"x":[\#(values)]}"#
        #expect(throws: ImageSpecError.invalidManifest(reason: "it has more than 200000 values")) {
            try Manifest(parsing: Array(text.utf8))
        }
        let descriptor = #"{"mediaType":"a/b","digest":"\#(Self.digest)","size":1}"#
        let large =
            #"{"schemaVersion":2,"manifests":["# + Array(repeating: descriptor, count: 30_000).joined(separator: ",")
            + "]}"
        #expect(throws: Never.self) { try Manifest(parsing: Array(large.utf8)) }
    }

    @Test("that were cut or damaged anywhere are read or refused, never a crash")
    func damage() throws {
        var generator = SeededGenerator(seed: 12)
        let whole = Self.image(mediaType: .ociManifest)
        for _ in 0..<3000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &generator)))
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let manifest = try? Manifest(parsing: bytes) { #expect(manifest.bytes == bytes) }
        }
    }

    @Test("that are written are read back the same")
    func written() throws {
        let config = Descriptor(mediaType: .ociConfig, content: Array("{}".utf8))
        let image = ImageManifest(config: config, layers: [config], annotations: ["k": "v/w"])
        let manifest = try Manifest(image)
        #expect(try Manifest(parsing: manifest.bytes, contentType: .ociManifest).content == .image(image))
    }

    @Test("of an index are chosen by platform, an exact variant first")
    func platforms() throws {
        let entries = ["linux/arm/v7", "linux/arm64", "linux/amd64", "linux/arm/v6", "windows/amd64"]
        let index = ImageIndex(
            manifests: try entries.enumerated().map { number, platform in
                Descriptor(
                    mediaType: .ociManifest,
                    digest: .of([UInt8(number)]),
                    size: 1,
                    platform: try Platform(platform)
                )
            }
        )
        for (wanted, found) in [
            ("linux/amd64", 2), ("linux/x86_64", 2), ("linux/arm/v6", 3), ("linux/arm/v7", 0), ("linux/arm", 0),
            ("linux/arm64/v8", 1), ("linux/aarch64", 1), ("windows/amd64", 4),
        ] {
            #expect(index.manifest(for: try Platform(wanted))?.digest == .of([UInt8(found)]), "\(wanted)")
        }
        #expect(index.manifest(for: try Platform("linux/s390x")) == nil)
    }
}
