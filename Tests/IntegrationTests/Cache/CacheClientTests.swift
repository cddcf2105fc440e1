import ImageSpec
import SystemPackage
import Testing

/// Everybody's clients, set up as `docs/caching.md` says, against a cache of a hub that is Debian's `docker-registry`
/// and goes by the name of docker.io.
@Suite("Clients of caches", .timeLimit(.minutes(5)))
struct CacheClientTests {
    private static let image = "docker.io/library/busybox:latest"

    /// - Parameter body: gets the cache's host, and the proxy that stands before the hub.
    private func withCache(
        _ body: @escaping @Sendable (TestBench, RunningRegistry, FaultProxy) async throws -> Void
    ) async throws {
        let image = try await BusyboxImage.shared()
        guard case .image(let manifest) = try await Manifest(parsing: Skopeo.manifest(of: image.ociName)).content else {
            throw Manifest.NotOneImage()
        }
        let size = manifest.layers.map(\.size).reduce(manifest.config.size, +)
        try await TestBench.use { bench in
            let hub = try await DockerRegistry.start(on: bench)
            let name = "docker://\(hub.name("library/busybox"))"
            try await Skopeo.copy(image.ociName, to: name, "--preserve-digests")
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let file = bench.folder.appending("berthd.yaml")
                try write(
                    """
                    upstreams:
                      docker.io:
                        endpoints: ["http://\(proxy.host)"]
                    default_upstream: docker.io

                    """,
                    to: file
                )
                let cache = try await Berthd.start(
                    on: bench,
                    folder: bench.makeFolder("cache"),
                    arguments: ["--config", file.string]
                )
                try await body(bench, cache, proxy)
                // Whoever pulled it, and however often: each blob left the hub once.
                let pulled = proxy.requests.filter(\.isBlobPull)
                #expect(Set(pulled.map(\.uri)).count == 4)
                #expect(proxy.pulledBytes == size)
            }
        }
    }

    /// The digest of the config, by which clients know the image.
    private func imageID() async throws -> String {
        try await Manifest.config(in: Skopeo.manifest(of: BusyboxImage.shared().ociName)).description
    }

    @Test(
        "docker: a mirror of the hub in daemon.json, and the hub's name below ours",
        .needs("docker-registry", "dockerd", "docker", "skopeo", "umoci", root: true)
    )
    func docker() async throws {
        try await withCache { bench, cache, _ in
            let docker = try await DockerEngine.start(on: bench, settings: #"{"registry-mirrors": ["\#(cache.url)"]}"#)
            for name in ["busybox", "\(cache.host)/docker.io/library/busybox"] {
                try await docker("pull", name).output()
                #expect(try await docker("image", "inspect", "--format", "{{.Id}}", name).output() == imageID())
                try await docker.clear()
            }
            #expect(cache.log.contains("/v2/library/busybox/manifests/latest"))
        }
    }

    @Test(
        "BuildKit, as docker's engine has it: what FROM names comes through the engine's mirror",
        .needs("docker-registry", "dockerd", "docker", "skopeo", "umoci", root: true)
    )
    func buildKit() async throws {
        try await withCache { bench, cache, _ in
            let docker = try await DockerEngine.start(on: bench, settings: #"{"registry-mirrors": ["\#(cache.url)"]}"#)
            let context = try bench.makeFolder("context")
            try write("FROM busybox\nCOPY file /file\n", to: context.appending("Dockerfile"))
            try write("content", to: context.appending("file"))
            var build = docker("build", "--tag", "built", context.string)
            // Debian's client knows BuildKit by itself; newer ones want a plugin that Debian doesn't have.
            build.program = "/usr/bin/docker"
            build.environment["DOCKER_BUILDKIT"] = "1"
            try await build.output()
            let layers = try await docker("image", "inspect", "--format", "{{len .RootFS.Layers}}", "built").output()
            #expect(layers == "4")
            #expect(cache.log.contains("/v2/library/busybox/manifests/latest"))
        }
    }

    @Test(
        "podman, buildah and skopeo: a mirror in registries.conf, with the hub's name below ours and without",
        .needs("docker-registry", "podman", "buildah", "skopeo", "umoci", root: true),
        arguments: ["/docker.io", ""]
    )
    func containersTools(path: String) async throws {
        try await withCache { bench, cache, _ in
            let mirror = try RegistriesConfiguration(on: bench, named: "registries", mirror: "\(cache.host)\(path)")
            let podman = try Podman(on: bench)
            let pulled = try await mirror.run(podman("pull", "--quiet", Self.image)).output()
            #expect(try await "sha256:\(pulled)" == imageID())
            // By its digest.
            try await podman.clear()
            let digest = Digest.of(try await Skopeo.manifest(of: BusyboxImage.shared().ociName))
            try await mirror.run(podman("pull", "--quiet", "docker.io/library/busybox@\(digest)")).output()

            let buildah = try Buildah(on: bench)
            try write("FROM busybox\nCOPY file /file\n", to: bench.folder.appending("Containerfile"))
            try write("content", to: bench.folder.appending("file"))
            try await mirror.run(
                buildah("bud", "--isolation", "chroot", "--file", "Containerfile", bench.folder.string)
            ).output()

            try await Command(
                "skopeo",
                "--insecure-policy",
                "--registries-conf",
                mirror.path.string,
                "copy",
                "docker://busybox",
                "dir:\(bench.folder)/copy"
            ).output()
            let folder = bench.folder.appending("copy/manifest.json")
            #expect(try await Manifest.config(in: contents(ofFileAt: folder)).description == imageID())
        }
    }

    @Test(
        "containerd: a host in hosts.toml, for one registry or for all, which is told the registry's name as ns",
        .needs("docker-registry", "containerd", "ctr", "skopeo", "umoci", root: true)
    )
    func containerd() async throws {
        try await withCache { bench, cache, _ in
            let containerd = try await Containerd.start(on: bench)
            try await containerd.pull(Self.image, through: cache).output()
            #expect(cache.log.contains("/v2/library/busybox/manifests/latest?ns=docker.io"))
            try await containerd("images", "remove", "--sync", Self.image).output()

            let hosts = try bench.makeFolder("hosts")
            try makeFolder(hosts.appending("docker.io"))
            try write(
                """
                server = "https://registry-1.docker.io"

                [host."\(cache.url)"]
                  capabilities = ["pull", "resolve"]

                """,
                to: hosts.appending("docker.io/hosts.toml")
            )
            try await containerd("images", "pull", "--hosts-dir", hosts.string, Self.image).output()
        }
    }

    @Test(
        "berth: a mirror in its configuration, and containerd's hosts.toml",
        .needs("docker-registry", "skopeo", "umoci")
    )
    func berth() async throws {
        try await withCache { bench, cache, _ in
            let layout = try await BusyboxImage.shared().layout
            let first = try Berth(on: bench, root: "first")
            try first.configure("mirrors: {docker.io: [\"\(cache.url)/docker.io\"]}\n")
            try await first("pull", "-q", "busybox").output()
            #expect(try first.blobs() == BlobSet(layout: layout))

            let second = try Berth(on: bench, root: "second")
            let folder = second.home.appending(".config/containerd/certs.d/docker.io")
            try makeFolder(folder)
            try write(
                "[host.\"\(cache.url)\"]\n  capabilities = [\"pull\", \"resolve\"]\n",
                to: folder.appending("hosts.toml")
            )
            try await second("pull", "-q", "busybox").output()
            #expect(try second.blobs() == BlobSet(layout: layout))
        }
    }
}
