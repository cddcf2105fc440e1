import ImageSpec
import SystemPackage
import Testing

/// `berth`'s image commands as a user gives them, against ours and the model registry.
@Suite("Client", .timeLimit(.minutes(5)))
struct ClientTests {
    @Test(
        "a pulled image is byte for byte what was pushed, and other tools read it where it lies",
        .needs("skopeo", "umoci", "docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func pull(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let name = registry.name("team/busybox")
            try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
            let berth = try Berth(on: bench)

            let first = try await berth("pull", name).output()
            #expect(first.contains("Status: Downloaded newer image for \(name)"))
            #expect(first.hasSuffix("\n\(name)"))
            #expect(try await berth("pull", name).output().contains("Status: Image is up to date for \(name)"))
            #expect(try berth.blobs() == BlobSet(layout: image.layout))

            let back = bench.folder.appending("back")
            try await Skopeo.copy("oci:\(berth.layout):\(name)", to: "oci:\(back):latest", "--preserve-digests")
            #expect(try BlobSet(layout: back) == BlobSet(layout: image.layout))
        }
    }

    @Test(
        "a Docker image goes through tag and push to another repository byte for byte",
        .needs("skopeo", "umoci", "docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func push(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let (name, copy) = (registry.name("busybox"), registry.name("team/copy", tag: "1"))
            try await Skopeo.copy(image.dockerName, to: "docker://\(name)", "--preserve-digests")
            let berth = try Berth(on: bench)
            try await berth("pull", name).output()
            try await berth("tag", name, copy).output()
            #expect(try await berth("push", copy).output().contains("Mounted from another repository"))
            #expect(try await berth("push", copy).output().contains("Layer already exists"))

            let back = bench.folder.appending("back")
            try await Skopeo.copy("docker://\(copy)", to: "dir:\(back)", "--preserve-digests")
            #expect(try BlobSet(folder: back) == BlobSet(folder: image.dockerFolder))
        }
    }

    @Test(
        "an image is uploaded whole to a registry that never saw it",
        .needs("skopeo", "umoci", "docker-registry"),
        arguments: RegistryUnderTest.allCases
    )
    func upload(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let source = try await DockerRegistry.start(on: bench)
            let destination = try await kind.start(on: bench)
            let (name, copy) = (source.name("busybox"), destination.name("busybox"))
            try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
            let berth = try Berth(on: bench)
            try await berth("pull", name).output()
            try await berth("tag", name, copy).output()
            #expect(try await berth("push", copy).output().contains("Pushed"))
            #expect(try await berth("rmi", name, copy).output().contains("Deleted: sha256:"))
            #expect(try berth.blobs().digests.isEmpty)
            try await berth("pull", copy).output()
            #expect(try berth.blobs() == BlobSet(layout: image.layout))
        }
    }

    @Test("two pulls of one image at once both succeed", .needs("skopeo", "umoci", "docker-registry"))
    func concurrentPulls() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await DockerRegistry.start(on: bench)
            let name = registry.name("busybox")
            try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
            let berth = try Berth(on: bench)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await berth("pull", "-q", name).output() } }
                try await group.waitForAll()
            }
            #expect(try berth.blobs() == BlobSet(layout: image.layout))
            #expect(try names(in: berth.root.appending("tmp")).isEmpty)
            #expect(try names(in: berth.root.appending("leases")).isEmpty)
        }
    }

    @Test("copy brings an image from registry to registry, and the second time sends nothing")
    func copy() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let source = try await DockerRegistry.start(on: bench)
            let destination = try await Berthd.start(on: bench)
            let (name, copy) = (source.name("busybox"), destination.name("mirror/busybox"))
            try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
            let berth = try Berth(on: bench)
            let first = try await berth("copy", name, copy).output()
            #expect(first.contains("Blobs: 4 copied, 0 already there"))
            let second = try await berth("copy", name, copy).output()
            #expect(second.contains("Manifests: 0 copied, 1 already there") && second.contains("Sent: 0B"))

            let back = bench.folder.appending("back")
            try await Skopeo.copy("docker://\(copy)", to: "oci:\(back):latest", "--preserve-digests")
            #expect(try BlobSet(layout: back) == BlobSet(layout: image.layout))
        }
    }

    @Test("errors are one line and a status: 1 for what can't be done, 125 for a wrong command line")
    func errors() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let registry = try await Berthd.start(on: bench)
            let unknown = try await berth("pull", registry.name("no/such")).run()
            #expect(unknown.status == .exited(1))
            #expect(unknown.errorText.hasPrefix("berth: ") && unknown.errorText.split(separator: "\n").count == 1)
            #expect(unknown.errorText.contains("not found"))
            let removal = try await berth("rmi", "nothing").run()
            #expect(removal.status == .exited(1) && removal.errorText == "berth: no such image: nothing\n")
            #expect(try await berth("pull", "--no-such-flag", "x").run().status == .exited(125))
        }
    }
}
