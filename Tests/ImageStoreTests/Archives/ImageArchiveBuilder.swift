import ImageSpec

/// Makes archives of one image, and lets a test put in them what no honest program would.
struct ImageArchiveBuilder {
    /// The one layer: a plain tar archive of one file.
    let layer = TarBuilder.archive { $0.add("hello", content: "world") }
    var config: [UInt8]

    init() {
        let diffID = Digest.of(layer)
        config = Array(
            """
            {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["\(diffID)"]}}
            """.utf8
        )
    }

    var layerPath: String { Self.path(of: Digest.of(layer)) }
    var configPath: String { Self.path(of: Digest.of(config)) }

    var manifest: [UInt8] {
        let (layerDigest, configDigest) = (Digest.of(layer), Digest.of(config))
        return Array(
            """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)",\
            "config":{"mediaType":"\(MediaType.ociConfig)","digest":"\(configDigest)","size":\(config.count)},\
            "layers":[{"mediaType":"\(MediaType.ociLayer)","digest":"\(layerDigest)","size":\(layer.count)}]}
            """.utf8
        )
    }

    func index(name: String = "app:1") -> String {
        """
        {"schemaVersion":2,"manifests":[{"mediaType":"\(MediaType.ociManifest)","digest":"\(Digest.of(manifest))",\
        "size":\(manifest.count),"annotations":{"org.opencontainers.image.ref.name":"\(name)"}}]}
        """
    }

    /// Adds the three blobs of the layout.
    func addBlobs(to tar: inout TarBuilder) {
        tar.add(layerPath, content: Self.text(layer))
        tar.add(configPath, content: Self.text(config))
        tar.add(Self.path(of: Digest.of(manifest)), content: Self.text(manifest))
    }

    func dockerList(config: String = "config.json", layer: String = "layer.tar", name: String = "app:1") -> String {
        "[{\"Config\":\"\(config)\",\"RepoTags\":[\"\(name)\"],\"Layers\":[\"\(layer)\"]}]"
    }

    static func path(of digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.hex)" }

    /// Bytes that are UTF-8, as all here are.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
