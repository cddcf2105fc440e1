import ImageSpec
import RegistryClient
import SystemPackage
import Testing

@Suite("Layers that aren't compressed", .timeLimit(.minutes(2)))
struct CompressedPushTests {
    @Test(
        "those of a docker archive are compressed when they are pushed, once, and the image has one digest from then on",
        .needs("skopeo", "umoci", "buildah", root: true)
    )
    func dockerArchive() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await FaultProxy.use(before: registry.host) { _ in
                .none
            } _: { proxy in
                let berth = try Berth(on: bench)
                try await berth("load", "-i", busybox.dockerArchive.string).output()
                let first = "\(proxy.host)/one:1"
                let second = "\(proxy.host)/two:1"
                try await berth("tag", "busybox:test", first).output()
                try await berth("tag", "busybox:test", second).output()
                let identifier = try await berth("images", "-q", "--no-trunc", "busybox:test").output()
                let digests = ["images", "--digests", "--format", "{{.Digest}}"]
                #expect(try await berth(digests + [first]).output() == "<none>")
                try await berth("push", "-q", first).output()

                let client = try RegistryClient(registry: registry.host)
                let pushed = try await client.manifest(.tag(Tag("1")), in: RepositoryName("one"))
                guard case .image(let content) = pushed.manifest.content else {
                    Issue.record("no image was pushed")
                    return
                }
                #expect(content.layers.allSatisfy { $0.mediaType == .ociLayerGzip })
                #expect(content.config.digest.description == identifier)
                #expect(try await berth(digests + [first]).output() == "\(pushed.digest)")
                #expect(try await berth(digests + [second]).output() == "<none>")
                let names = try await berth("images", "-q", "--no-trunc").output()
                #expect(Set(names.split(separator: "\n").map(String.init)) == [identifier])

                proxy.forget()
                try await berth("push", "-q", second).output()
                let other = try await client.manifest(.tag(Tag("1")), in: RepositoryName("two"))
                #expect(other.digest == pushed.digest)
                #expect(try await berth(digests + [second]).output() == "\(pushed.digest)")
                #expect(proxy.pushedBytes < 10_000)
                #expect(try await berth("run", "--rm", "--network", "none", first, "echo", "ran").output() == "ran")
            }
        }
    }

    @Test("those of anybody else's manifest are pushed as they are")
    func foreignManifest() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [5000])
            try await image.push(to: "app", at: registry.host)
            let berth = try Berth(on: bench)
            try await berth("pull", "-q", "\(registry.host)/app").output()
            try await berth("tag", "\(registry.host)/app", "\(registry.host)/copy").output()
            try await berth("push", "-q", "\(registry.host)/copy").output()
            let client = try RegistryClient(registry: registry.host)
            let copy = try await client.manifest(.tag(.latest), in: RepositoryName("copy"))
            #expect(copy.manifest.bytes == image.manifest.bytes)
        }
    }

    @Test("an image that takes another's layer for its own blob's is refused, though the layer is here")
    func lyingConfig() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let honest = try LayeredImage(sizes: [5000], seed: 1)
            try await honest.push(to: "honest", at: registry.host)
            let berth = try Berth(on: bench)
            try await berth("pull", "-q", "\(registry.host)/honest").output()

            let lie = try await registry.push(pseudorandomBytes(4000, seed: 9), to: "liar")
            let config = try canonicalJSON(ImageConfig(platform: .host, diffIDs: [.of(honest.layers[0])]))
            try await registry.push(config, to: "liar")
            let layer = Descriptor(mediaType: .ociLayer, digest: lie, size: 4000)
            let manifest = try Manifest(
                ImageManifest(config: Descriptor(mediaType: .ociConfig, content: config), layers: [layer])
            )
            #expect(try await registry.put(manifest, to: "liar", at: "latest").status == 201)
            let pull = try await berth("pull", "-q", "\(registry.host)/liar").run()
            #expect(pull.status != .exited(0))
            #expect(try await berth("images", "-q").output().split(separator: "\n").count == 1)
        }
    }
}
