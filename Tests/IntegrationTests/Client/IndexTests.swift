import ImageSpec
import NIOCore
import RegistryClient
import SystemPackage
import Testing

@Suite("Images of several platforms", .timeLimit(.minutes(2)), .needs("docker-registry"))
struct IndexTests {
    private let platforms = [
        Platform(os: "linux", architecture: "amd64"), Platform(os: "linux", architecture: "arm64", variant: "v8"),
    ]

    @Test("a pull takes the manifest for the platform, and says which there are when there is none")
    func pull() async throws {
        try await TestBench.use { bench in
            let registry = try await DockerRegistry.start(on: bench)
            let index = try await push(to: registry.host)
            let name = registry.name("app")
            for platform in platforms {
                let berth = try Berth(on: bench, root: "berth-\(platform.architecture)")
                let output = try await berth("pull", "--platform", "linux/\(platform.architecture)", name).output()
                #expect(output.contains("Digest: \(index.digest())"))
                let config = try canonicalJSON(ImageConfig(platform: platform, diffIDs: []))
                #expect(try berth.blobs().digests.count == 2)
                #expect(try berth.blobs().digests.values.contains(.of(config)))
                #expect(try await berth("pull", "--platform", "\(platform)", name).output().contains("up to date"))
            }
            let result = try await Berth(on: bench)("pull", "--platform", "linux/s390x", name).run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("has no image for linux/s390x; it has linux/amd64, linux/arm64/v8"))
        }
    }

    @Test("copy brings an index with all its platforms, and then only what is new")
    func copy() async throws {
        try await TestBench.use { bench in
            let source = try await DockerRegistry.start(on: bench)
            let destination = try await Berthd.start(on: bench)
            let index = try await push(to: source.host)
            let berth = try Berth(on: bench)
            let first = try await berth("copy", "--all-platforms", source.name("app"), destination.name("mirror/app"))
                .output()
            #expect(first.contains("Manifests: 3 copied, 0 already there"))
            let again = ["copy", "--all-platforms", source.name("app"), destination.name("mirror/app", tag: "2")]
            let second = try await berth(again).output()
            #expect(second.contains("Manifests: 1 copied, 2 already there"))

            let client = try RegistryClient(registry: destination.host)
            let repository = try RepositoryName("mirror/app")
            #expect(try await client.tags(of: repository).map(\.rawValue) == ["2", "latest"])
            #expect(try await client.manifest(.tag(.latest), in: repository).manifest.bytes == index.bytes)
        }
    }

    /// Puts an index of images without layers into the registry, as `app:latest`.
    private func push(to host: RegistryHost) async throws -> Manifest {
        let client = try RegistryClient(registry: host)
        let repository = try RepositoryName("app")
        var children: [Descriptor] = []
        for platform in platforms {
            let config = try canonicalJSON(ImageConfig(platform: platform, diffIDs: []))
            let descriptor = Descriptor(mediaType: .ociConfig, content: config)
            let content = AsyncStream<ByteBuffer> {
                $0.yield(ByteBuffer(bytes: config))
                $0.finish()
            }
            _ = try await client.push(descriptor, to: repository, content: content)
            let manifest = try Manifest(ImageManifest(config: descriptor, layers: []))
            try await client.push(manifest, as: .digest(manifest.digest()), to: repository)
            var child = manifest.descriptor
            child.platform = platform
            children.append(child)
        }
        let index = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: children)))
        try await client.push(index, as: .tag(.latest), to: repository)
        return index
    }
}
