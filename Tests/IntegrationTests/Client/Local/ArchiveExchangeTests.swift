import ImageSpec
import SystemPackage
import Testing

@Suite("berth save and load", .timeLimit(.minutes(5)))
struct ArchiveExchangeTests {
    /// What berth itself writes, in every form that it writes.
    private static let forms = [
        [], ["--format", "oci-archive"], ["--compress", "gzip"], ["--compress", "zstd", "--format", "oci-archive"],
    ]

    @Test("what was saved is loaded byte for byte, with all its names, from a file and from a pipe", arguments: forms)
    func roundTrip(form: [String]) async throws {
        try await TestBench.use { bench in
            let (source, file, pipe) = (
                try LocalImages(on: bench), try Berth(on: bench, root: "file"), try Berth(on: bench, root: "pipe")
            )
            let first = try await source.add("team/app:1", content: "one")
            try await source.berth("tag", "team/app:1", "registry.example:5000/x:y").output()
            let second = try await source.add("team/app:2", content: "two")
            let archive = bench.folder.appending("archive")
            let arguments = ["-o", archive.string, "team/app", "registry.example:5000/x:y"]
            try await Command(source.berth("save").program, source.berth("save").arguments + form + arguments).output()

            let loaded = try await file("load", "-i", archive.string).output()
            #expect(
                Set(loaded.split(separator: "\n")) == [
                    "Loaded image: team/app:1", "Loaded image: team/app:2",
                    "Loaded image: registry.example:5000/x:y",
                ]
            )
            var stream = pipe("load")
            stream.input = .file(archive)
            try await stream.output()
            for berth in [file, pipe] {
                #expect(try BlobSet(layout: berth.root.appending("images")) == source.blobs())
                #expect(
                    try await berth("inspect", "-f", "{{.Id}}", "team/app:1", "team/app:2").output()
                        == "\(first)\n\(second)"
                )
                #expect(try names(in: berth.root.appending("tmp")).isEmpty)
            }
        }
    }

    @Test("the same images always make the same archive, and one saved by its ID has no name", arguments: forms)
    func deterministic(form: [String]) async throws {
        try await TestBench.use { bench in
            let source = try LocalImages(on: bench)
            let identifier = try await source.add("app", content: "one")
            let save = source.berth("save")
            let first = try await Command(save.program, save.arguments + form + [identifier]).run()
            let second = try await Command(save.program, save.arguments + form + [identifier]).run()
            #expect(first.standardOutput.elementsEqual(second.standardOutput) && !first.standardOutput.isEmpty)
            var load = try Berth(on: bench, root: "other")("load")
            load.input = .bytes(first.standardOutput)
            #expect(try await load.output() == "Loaded image ID: \(identifier)")
        }
    }

    @Test(
        "Docker Engine loads what berth saved and runs it, and berth loads what Docker saved",
        .needs("dockerd", "docker", "skopeo", "umoci", root: true)
    )
    func docker() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let source = try LocalImages(on: bench)
            let docker = try await DockerEngine.start(on: bench)
            let identifier = try await source.add(
                "team/app:1",
                content: "hello",
                changes: #"CMD ["sh", "-c", "cat /content"]"#
            )
            let archive = bench.folder.appending("a.tar").string
            try await source.berth("save", "-o", archive, "team/app:1").output()
            #expect(try await docker("load", "-i", archive).output().contains("Loaded image: team/app:1"))
            #expect(try await docker("image", "inspect", "-f", "{{.Id}}", "team/app:1").output() == identifier)

            try await docker("load", "-i", busybox.dockerArchive.string).output()
            let saved = bench.folder.appending("docker.tar").string
            try await docker("save", "-o", saved, "busybox:test", "team/app:1").output()
            let target = try Berth(on: bench, root: "target")
            #expect(try await target("load", "-i", saved).output().contains("Loaded image: busybox:test"))
            let inspect = ["inspect", "-f", "{{.Id}} {{json .RootFS.Layers}} {{.Size}} {{json .Config.Cmd}}"]
            for name in ["busybox:test", "team/app:1"] {
                let theirs = try await Command(docker().program, docker().arguments + inspect + [name]).output()
                let ours = try await Command(target().program, target().arguments + inspect + [name]).output()
                #expect(ours == theirs)
            }
            let run = try await target("run", "--rm", "busybox:test", "sh", "-c", "cat /etc/motd; ls /etc").run()
            #expect(
                run.text.contains("another message of the day") && !run.text.contains("removed"),
                "\(run.errorText)"
            )
        }
    }

    @Test(
        "podman loads what berth saved, and berth loads what podman saved",
        .needs("podman", "runc", root: true),
        arguments: ["docker-archive", "oci-archive"]
    )
    func podman(format: String) async throws {
        try await TestBench.use { bench in
            let source = try LocalImages(on: bench)
            let podman = try Podman(on: bench)
            let identifier = try await source.add("quay.example/team/app:1", content: "hello")
            let archive = bench.folder.appending("a.tar").string
            try await source.berth("save", "--format", format, "-o", archive, "quay.example/team/app:1").output()
            try await podman("load", "-i", archive).output()
            let name = "quay.example/team/app:1"
            #expect(try await podman("image", "inspect", "-f", "sha256:{{.Id}}", name).output() == identifier)

            let saved = bench.folder.appending("podman.tar").string
            try await podman("save", "--format", format, "-o", saved, name).output()
            let target = try Berth(on: bench, root: "target")
            #expect(try await target("load", "-i", saved).output() == "Loaded image: \(name)")
            let layers = ["inspect", "-f", "{{json .RootFS.Layers}}", name]
            let ours = try await Command(target().program, target().arguments + layers).output()
            let before = try await Command(source.berth().program, source.berth().arguments + layers).output()
            #expect(ours == before)
        }
    }

    @Test("skopeo reads both forms, and berth loads both of skopeo's", .needs("skopeo", "umoci"))
    func skopeo() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let target = try Berth(on: bench, root: "target")
            let oci = bench.folder.appending("oci.tar")
            try await Skopeo.copy(busybox.ociName, to: "oci-archive:\(oci):team/busybox:1", "--preserve-digests")
            #expect(try await target("load", "-i", oci.string).output() == "Loaded image: team/busybox:1")
            #expect(try BlobSet(layout: target.root.appending("images")) == BlobSet(layout: busybox.layout))
            #expect(
                try await target("load", "-i", busybox.dockerArchive.string).output() == "Loaded image: busybox:test"
            )

            let (saved, layout) = (bench.folder.appending("saved.tar"), bench.folder.appending("back"))
            try await target("save", "--format", "oci-archive", "-o", saved.string, "team/busybox:1").output()
            try await Skopeo.copy("oci-archive:\(saved)", to: "oci:\(layout):x", "--preserve-digests")
            #expect(try BlobSet(layout: layout) == BlobSet(layout: busybox.layout))

            try await target("save", "-o", saved.string, "team/busybox:1").output()
            let folder = bench.folder.appending("docker")
            try await Skopeo.copy("docker-archive:\(saved):team/busybox:1", to: "dir:\(folder)")
        }
    }

    @Test("an archive is not left half written, and errors are one line")
    func failures() async throws {
        try await TestBench.use { bench in
            let source = try LocalImages(on: bench)
            try await source.add("app", content: "x")
            let unknown = try await source.berth("save", "-o", bench.folder.appending("a").string, "app", "no").run()
            #expect(unknown.status == .exited(1) && unknown.errorText == "berth: no such image: no\n")
            let folder = try await source.berth("save", "-o", "/nowhere/a", "app").run()
            #expect(folder.status == .exited(1) && folder.errorText.hasPrefix("berth: can't write /nowhere/a: "))
            for blob in try names(in: source.berth.root.appending("images/blobs/sha256")) {
                try write("rotten", to: source.berth.root.appending("images/blobs/sha256").appending(blob))
            }
            #expect(
                try await source.berth("save", "-o", bench.folder.appending("a").string, "app").run().status
                    == .exited(1)
            )
            #expect(try names(in: bench.folder).allSatisfy { !$0.hasPrefix("a") })
            let missing = try await source.berth("load", "-i", "/nowhere/a").run()
            #expect(missing.status == .exited(1) && missing.errorText.hasPrefix("berth: can't read /nowhere/a"))
        }
    }
}
