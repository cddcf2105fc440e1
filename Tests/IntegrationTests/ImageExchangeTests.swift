import ImageSpec
import SystemPackage
import Testing

/// Other people's tools against a registry: the same bodies for ours and for the model.
@Suite("Image exchange", .timeLimit(.minutes(5)))
struct ImageExchangeTests {
    @Test(
        "skopeo pushes an OCI image and copies it back byte for byte",
        .needs("skopeo", "umoci", "docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func ociRoundTrip(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let name = "docker://\(registry.name("team/busybox"))"
            try await Skopeo.copy(image.ociName, to: name, "--preserve-digests")
            let back = bench.folder.appending("back")
            try await Skopeo.copy(name, to: "oci:\(back):latest", "--preserve-digests")

            let sent = try BlobSet(layout: image.layout)
            #expect(sent.digests.count == 5)
            #expect(try BlobSet(layout: back) == sent)
            #expect(sent.digests.values.contains(Digest.of(try await Skopeo.manifest(of: name))))
        }
    }

    @Test(
        "skopeo pushes a Docker schema 2 image and copies it back byte for byte",
        .needs("skopeo", "umoci", "docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func dockerRoundTrip(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let name = "docker://\(registry.name("busybox", tag: "docker"))"
            try await Skopeo.copy(image.dockerName, to: name, "--preserve-digests")
            let back = bench.folder.appending("back")
            try await Skopeo.copy(name, to: "dir:\(back)", "--preserve-digests")

            let sent = try BlobSet(folder: image.dockerFolder)
            #expect(sent.digests.count == 6)
            #expect(try BlobSet(folder: back) == sent)
        }
    }

    @Test(
        "Docker Engine pushes an image, pulls it and runs it",
        .needs("dockerd", "docker", "skopeo", "umoci", "docker-registry", root: true),
        arguments: RegistryUnderTest.allCases
    )
    func dockerEngine(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let docker = try await DockerEngine.start(on: bench)
            let name = registry.name("team/busybox")
            try await docker("load", "--input", image.dockerArchive.string).output()
            let loaded = try await docker("image", "inspect", "--format", "{{.Id}}", "busybox:test").output()
            try await docker("tag", "busybox:test", name).output()
            try await docker("push", name).output()
            try await docker("rmi", name, "busybox:test").output()
            try await docker("pull", name).output()
            #expect(try await docker("image", "inspect", "--format", "{{.Id}}", name).output() == loaded)

            let script = "cat /etc/motd; test ! -e /etc/removed && exit 7"
            let run = try await docker("run", "--rm", "--network", "none", name, "sh", "-c", script).run()
            #expect(run.status == .exited(7), "\(run.errorText)")
            #expect(run.text == "another message of the day\n")
        }
    }

    @Test(
        "containerd pulls an image of another registry through this one, named by ?ns=",
        .needs("containerd", "ctr", "skopeo", "umoci", "docker-registry", root: true),
        arguments: RegistryUnderTest.allCases
    )
    func containerd(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let stored = "docker://\(registry.name("team/busybox"))"
            try await Skopeo.copy(image.ociName, to: stored, "--preserve-digests")
            let containerd = try await Containerd.start(on: bench)
            try await containerd.pull("registry.example/team/busybox:latest", through: registry).output()

            let digest = Digest.of(try await Skopeo.manifest(of: stored))
            #expect(try await containerd("images", "list").output().contains("\(digest)"))
            if kind == .dockerRegistry {
                let requests = registry.process.outputSoFar + registry.process.errorSoFar
                #expect(String(decoding: requests, as: UTF8.self).contains("?ns=registry.example"))
            }
        }
    }

    @Test(
        "podman pulls an image and runs it",
        .needs("podman", "runc", "skopeo", "umoci", "docker-registry", root: true),
        arguments: RegistryUnderTest.allCases
    )
    func podman(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let name = registry.name("team/busybox")
            try await Skopeo.copy(image.ociName, to: "docker://\(name)")
            let podman = try Podman(on: bench)
            try await podman("pull", "--tls-verify=false", name).output()

            let run = try await podman.run(name, "sh", "-c", "cat /etc/motd; exit 7").run()
            #expect(run.status == .exited(7), "\(run.errorText)")
            #expect(run.text == "another message of the day\n")
        }
    }
}
