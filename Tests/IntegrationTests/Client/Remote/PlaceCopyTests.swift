import Glibc
import ImageSpec
import SystemPackage
import Testing

/// `berth copy` between all places of images, each exchanged with skopeo's.
@Suite("Copies from place to place", .timeLimit(.minutes(5)), .needs("skopeo", "umoci"))
struct PlaceCopyTests {
    @Test("a layout of skopeo's goes to a registry, and back into a layout that skopeo reads, byte for byte")
    func layouts() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            let name = registry.name("team/busybox")
            let back = bench.folder.appending("back")
            #expect(try await berth("copy", image.ociName, "docker://\(name)").output().contains("4 copied"))
            try await berth("copy", name, "oci:\(back):1.0").output()
            #expect(try BlobSet(layout: back) == BlobSet(layout: image.layout))
            #expect(try names(in: back) == ["blobs", "index.json", "oci-layout"])

            let skopeos = bench.folder.appending("skopeo")
            try await Skopeo.copy("oci:\(back):1.0", to: "oci:\(skopeos):1.0", "--preserve-digests")
            #expect(try BlobSet(layout: skopeos) == BlobSet(layout: image.layout))
            let digest = try await berth("digest", name).output()
            #expect(try await berth("copy", "-q", "oci:\(skopeos)", "oci:\(back):2.0").output() == digest)
            #expect(try await berth("copy", "oci:\(back):2.0", "oci:\(back):1.0").output().contains("1 already there"))
            let entry = "oci:\(back)@\(digest)"
            #expect(try await berth("copy", "-q", entry, "oci:\(bench.folder.appending("third")):x").output() == digest)
        }
    }

    @Test("an OCI archive is what skopeo reads, and skopeo's is read")
    func archives() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let (ours, theirs) = (bench.folder.appending("ours.tar"), bench.folder.appending("theirs.tar"))
            try await berth("copy", image.ociName, "oci-archive:\(ours):1").output()
            let first = bench.folder.appending("first")
            try await Skopeo.copy("oci-archive:\(ours):1", to: "oci:\(first):1", "--preserve-digests")
            #expect(try BlobSet(layout: first) == BlobSet(layout: image.layout))

            try await Skopeo.copy(image.ociName, to: "oci-archive:\(theirs):1", "--preserve-digests")
            let second = bench.folder.appending("second")
            try await berth("copy", "oci-archive:\(theirs)", "oci:\(second):1").output()
            #expect(try BlobSet(layout: second) == BlobSet(layout: image.layout))

            let before = try Digest.of(contents(ofFileAt: ours))
            try await berth("copy", "oci-archive:\(ours)", "oci-archive:\(ours):1").output()
            #expect(try Digest.of(contents(ofFileAt: ours)) == before)
        }
    }

    @Test("a docker archive is what skopeo reads, and skopeo's is read")
    func dockerArchives() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let registry = try await Berthd.start(on: bench)
            let ours = bench.folder.appending("ours.tar")
            try await berth("copy", image.ociName, "docker-archive:\(ours):busybox:ours").output()
            let config = { (name: String) in
                try await Command("skopeo", "inspect", "--config", "--raw", "--tls-verify=false", name).output()
            }
            let wanted = try await config(image.ociName)
            #expect(try await config("docker-archive:\(ours):busybox:ours") == wanted)
            try await Skopeo.copy("docker-archive:\(ours):busybox:ours", to: "oci:\(bench.folder.appending("first")):1")

            let name = registry.name("from/docker")
            try await berth("copy", "docker-archive:\(image.dockerArchive):busybox:test", name).output()
            #expect(try await config("docker://\(name)") == wanted)
            #expect(try await berth("pull", name).output().contains("Downloaded newer image"))
            // Ours again: its layers are compressed.
            try await berth("copy", "docker-archive:\(ours)", registry.name("from/ours")).output()
            #expect(try await berth("pull", registry.name("from/ours")).output().contains("Downloaded newer image"))
        }
    }

    @Test(
        "archives that are compressed as a whole are read",
        .needs("gzip", "zstd", "bzip2", "xz"),
        arguments: ["gzip", "zstd", "bzip2", "xz"]
    )
    func compressed(program: String) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let file = bench.folder.appending("compressed")
            try await Command("bash", "-c", "\(program) -c < \(image.dockerArchive) > \(file)").output()
            let plain = bench.folder.appending("plain")
            try await berth("copy", "docker-archive:\(image.dockerArchive)", "oci:\(plain):1").output()
            let copy = bench.folder.appending("copy")
            let copied = berth("copy", "docker-archive:\(file):busybox:test", "oci:\(copy):1")
            try await copied.output()
            #expect(try BlobSet(layout: copy) == BlobSet(layout: plain))

            try await berth("copy", image.ociName, "oci-archive:\(file).tar:1").output()
            try await Command("bash", "-c", "\(program) -c < \(file).tar > \(file)").output()
            let second = bench.folder.appending("second")
            try await berth("copy", "oci-archive:\(file):1", "oci:\(second):1").output()
            #expect(try BlobSet(layout: second) == BlobSet(layout: image.layout))
        }
    }

    @Test("a bomb among archives, and a damaged one, are refused", .needs("zstd"))
    func bomb() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let file = bench.folder.appending("bomb")
            let target = "oci:\(bench.folder)/target:1"
            try await Command("bash", "-c", "head -c 400M /dev/zero | zstd -q > \(file)").output()
            let bomb = try await berth("copy", "docker-archive:\(file)", target).run()
            #expect(bomb.status == .exited(1) && bomb.errorText.contains("decompresses to more than 268435456 bytes"))
            try await Command("bash", "-c", "seq 100000 | gzip | head -c 1000 > \(file)").output()
            let damaged = try await berth("copy", "docker-archive:\(file)", target).run()
            #expect(damaged.status == .exited(1) && damaged.errorText.contains("it can't be decompressed"))
            #expect(damaged.errorText.split(separator: "\n").count == 1)
        }
    }

    @Test("docker and podman load a docker archive", .needs("dockerd", "docker", "podman", root: true))
    func load() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let archive = bench.folder.appending("archive.tar").string
            try await Berth(on: bench)("copy", image.ociName, "docker-archive:\(archive):busybox:ours").output()
            let docker = try await DockerEngine.start(on: bench)
            #expect(try await docker("load", "--input", archive).output().contains("busybox:ours"))
            let run = try await docker("run", "--rm", "--network", "none", "busybox:ours", "cat", "/etc/motd").output()
            #expect(run == "another message of the day")
            let saved = bench.folder.appending("saved.tar").string
            try await docker("save", "--output", saved, "busybox:ours").output()
            let berth = try Berth(on: bench)
            try await berth("copy", "docker-archive:\(saved):busybox:ours", "oci:\(bench.folder.appending("o")):1")
                .output()

            let podman = try Podman(on: bench)
            #expect(try await podman("load", "--input", archive).output().contains("busybox:ours"))
        }
    }

    @Test("what can't be copied is one line, and leaves nothing behind")
    func failures() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            let berth = try Berth(on: bench)
            let (name, target) = (registry.name("app"), bench.folder.appending("target"))
            try write(
                "no archive, and long enough to hold a whole block" + String(repeating: ".", count: 600),
                to: target
            )
            let expectations: [([String], String)] = [
                (["docker-archive:\(target)", name], "it is no tar archive"),
                ([registry.name("none"), "oci:\(target)-1:x"], "not found"),
                (["--all-platforms", name, "docker-archive:\(target)-2"], "holds one platform's image"),
                (
                    ["--platform", "linux/s390x", name, "oci:\(target)-3:x"],
                    "no image for linux/s390x; it has linux/amd64"
                ),
                (["oci:\(bench.folder.appending("nowhere"))", name], "it has no index.json"),
                ([name, "\(registry.host)/app@\(image.manifests[1].digest())"], "so it can't be copied to"),
                (["oci:", name], "it has no path"),
            ]
            for (arguments, message) in expectations {
                let result = try await berth(["copy"] + arguments).run()
                #expect(result.status == .exited(1), "\(arguments)")
                #expect(result.errorText.hasPrefix("berth: ") && result.errorText.split(separator: "\n").count == 1)
                #expect(result.errorText.contains(message), "\(result.errorText)")
            }
            #expect(try names(in: bench.folder).filter { $0.hasPrefix("target") } == ["target"])
            #expect(
                try await berth("copy", "--platform", "linux/amd64", "--all-platforms", name, "x").run().status
                    == .exited(125)
            )
        }
    }

    @Test("a blob or manifest in a layout that isn't what its name says is refused", arguments: ["layer", "manifest"])
    func rottenLayout(what: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            let berth = try Berth(on: bench)
            let layout = bench.folder.appending("layout")
            try await berth("copy", registry.name("app"), "oci:\(layout):1").output()
            let digest: Digest
            if what == "manifest" {
                digest = image.manifests[0].digest()
            } else {
                guard case .image(let content) = image.manifests[0].content else { return }
                digest = content.layers[0].digest
            }
            let file = layout.appending("blobs/sha256").appending(digest.hex)
            var bytes = try contents(ofFileAt: file)
            bytes[bytes.count - 3] ^= 1
            try write(String(decoding: bytes, as: UTF8.self), to: file)
            let copy = layout.removingLastComponent().appending("copy")
            let result = try await berth("copy", "oci:\(layout)", "oci:\(copy):1").run()
            #expect(
                result.status == .exited(1) && result.errorText.contains("should hold \(digest)"),
                "\(result.errorText)"
            )
            #expect(access(copy.appending("blobs/sha256").appending(digest.hex).string, F_OK) != 0)
            #expect(access(copy.appending("index.json").string, F_OK) != 0)
        }
    }
}
