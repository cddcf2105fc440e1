import ImageSpec
import SystemPackage
import Testing

/// Every client pulls what every client pushed.
@Suite("Image clients", .timeLimit(.minutes(10)))
struct ImageClientTests {
    @Test(
        "what docker, podman, buildah, ctr and skopeo push, each of them pulls by tag and by digest",
        .needs("dockerd", "docker", "containerd", "ctr", "podman", "buildah", "skopeo", "umoci", root: true)
    )
    func everybodyPullsWhatEverybodyPushed() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let clients: [any ImageClient] = [
                try await DockerEngine.start(on: bench), try Podman(on: bench), try Buildah(on: bench),
                try await Containerd.start(on: bench), SkopeoClient(folder: bench.folder.appending("skopeo")),
            ]
            for pusher in clients {
                let repository = "from/\(pusher.title)"
                try await pusher.push(image, as: registry.name(repository))
                try await pusher.clear()
                let manifest = try await Skopeo.manifest(of: "docker://\(registry.name(repository))")
                let config = try Manifest.config(in: manifest)
                let byDigest = "\(registry.host)/\(repository)@\(Digest.of(manifest))"
                for puller in clients {
                    for name in [registry.name(repository), byDigest] {
                        #expect(try await puller.pull(name) == config.description, "\(puller.title) pulled \(name)")
                        try await puller.clear()
                    }
                }
            }
        }
    }

    @Test(
        "layers that another repository has are mounted, not sent again",
        .needs("dockerd", "docker", "podman", "buildah", "skopeo", "umoci", root: true)
    )
    func mounts() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let docker = try await DockerEngine.start(on: bench)
            let clients: [any ImageClient] = [
                docker, try Podman(on: bench), try Buildah(on: bench),
                SkopeoClient(folder: bench.folder.appending("skopeo")),
            ]
            for client in clients {
                // A registry of its own, so that nobody finds what another client sent.
                let folder = try bench.makeFolder("berthd-\(client.title)")
                let registry = try await Berthd.start(on: bench, folder: folder)
                try await client.push(image, as: registry.name("team/first"))
                try await client.push(image, as: registry.name("team/second"))
                let log = String(decoding: registry.process.errorSoFar, as: UTF8.self).split(separator: "\n")
                func sent(to repository: String) -> Int {
                    log.count { $0.contains("PATCH") && $0.contains("team/\(repository)") }
                }
                #expect(sent(to: "first") == 4, "\(client.title) sent a config and three layers")
                #expect(sent(to: "second") <= 1, "\(client.title) sent the config at most: \(log)")
                let names = ["first", "second"].map { "docker://\(registry.name("team/\($0)"))" }
                #expect(try await Skopeo.manifest(of: names[0]) == Skopeo.manifest(of: names[1]))
                await registry.process.stop()
            }
        }
    }

    @Test(
        "an index of two platforms that buildah pushed is pulled by platform",
        .needs("buildah", "skopeo", root: true)
    )
    func index() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let (buildah, podman) = (try Buildah(on: bench), try Podman(on: bench))
            let name = registry.name("team/index")
            try await buildah("manifest", "create", "two").output()
            for architecture in ["amd64", "arm64"] {
                let file = bench.folder.appending(architecture)
                try write("for \(architecture)", to: file)
                let container = try await buildah("from", "scratch").output()
                try await buildah("copy", container, file.string, "/file").output()
                try await buildah("config", "--os", "linux", "--arch", architecture, container).output()
                try await buildah("commit", container, architecture).output()
                try await buildah("manifest", "add", "two", architecture).output()
            }
            try await buildah("manifest", "push", "--all", "--tls-verify=false", "two", "docker://\(name)").output()

            let pushed = try await Skopeo.manifest(of: "docker://\(name)")
            guard case .index(let index) = try Manifest(parsing: pushed).content else {
                Issue.record("not an index: \(String(decoding: pushed, as: UTF8.self))")
                return
            }
            #expect(index.manifests.compactMap(\.platform?.architecture) == ["amd64", "arm64"])
            let back = bench.folder.appending("back")
            try await Skopeo.copy("docker://\(name)", to: "dir:\(back)", "--all", "--preserve-digests")
            #expect(try contents(ofFileAt: back.appending("manifest.json")) == pushed)

            for architecture in ["amd64", "arm64"] {
                let id = try await podman("pull", "--quiet", "--tls-verify=false", "--arch", architecture, name)
                    .output()
                let found = try await podman("image", "inspect", "--format", "{{.Architecture}}", id).output()
                #expect(found == architecture)
                let berth = try Berth(on: bench, root: "berth-\(architecture)")
                try await berth("pull", "--platform", "linux/\(architecture)", name).output()
            }
        }
    }

    @Test(
        "skopeo lists tags and deletes an image",
        .needs("skopeo", "umoci")
    )
    func listAndDelete() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for tag in ["1.0", "1.1", "latest"] {
                try await Skopeo.copy(image.ociName, to: "docker://\(registry.name("team/app", tag: tag))")
            }
            // Another image, which stays.
            try await registry.push(layers: [Array("a layer".utf8)], to: "team/app", tag: "other")
            try await Skopeo.copy(image.ociName, to: "docker://\(registry.name("team/tool"))")
            #expect(try await Skopeo.tags(of: "\(registry.host)/team/app") == ["1.0", "1.1", "latest", "other"])

            let name = "docker://\(registry.name("team/app", tag: "1.0"))"
            try await Command("skopeo", "delete", "--tls-verify=false", name).output()
            #expect(try await Skopeo.tags(of: "\(registry.host)/team/app") == ["other"])
            #expect(try await Skopeo.tags(of: "\(registry.host)/team/tool") == ["latest"])
        }
    }

    @Test("podman finds all repositories by the catalog", .needs("podman"))
    func search() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for repository in ["team/app", "team/tool", "other/app"] {
                try await registry.push(layers: [], to: repository, tag: "latest")
            }
            let podman = try Podman(on: bench)
            func search(_ term: String) async throws -> [String] {
                let name = "\(registry.host)/\(term)"
                return try await podman("search", "--tls-verify=false", "--format", "{{.Name}}", name).output()
                    .split(separator: "\n").map { String($0.trimmingPrefix("\(registry.host)/")) }.sorted()
            }
            #expect(try await search("") == ["other/app", "team/app", "team/tool"])
            #expect(try await search("tool") == ["team/tool"])
        }
    }
}
