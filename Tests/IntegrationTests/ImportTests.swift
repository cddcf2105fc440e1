import Glibc
import ImageSpec
import SystemPackage
import Testing

@Suite("berth import", .timeLimit(.minutes(5)))
struct ImportTests {
    /// A small root folder with busybox in it.
    private static func makeRoot(on bench: TestBench) async throws -> FilePath {
        let root = try bench.makeFolder("rootfs")
        for folder in ["bin", "etc", "proc", "sys", "dev"] { try makeFolder(root.appending(folder)) }
        try await Command("cp", "/bin/busybox", root.appending("bin/busybox").string).output()
        symlink("busybox", root.appending("bin/sh").string)
        try write("imported\n", to: root.appending("etc/motd"))
        return root
    }

    @Test("makes an image that other tools read from the layout, with what was asked to be changed", .needs("skopeo"))
    func changes() async throws {
        try await TestBench.use { bench in
            let root = try await Self.makeRoot(on: bench)
            let berth = try Berth(on: bench)
            let identifier = try await berth(
                "import",
                "-c",
                #"CMD ["/bin/sh"]"#,
                "--change",
                "ENV A=b",
                "-m",
                "by hand",
                "--platform",
                "linux/arm64",
                root.string,
                "team/app:1"
            ).output()
            let name = "oci:\(berth.root)/images:docker.io/team/app:1"
            let inspect = Command("skopeo", "--insecure-policy", "inspect", "--config", "--raw", name)
            let config = try await inspect.run().standardOutput
            #expect(identifier == "\(Digest.of(config))")
            let parsed = try ImageConfig(parsing: config)
            #expect(parsed.execution.command == ["/bin/sh"])
            #expect(parsed.execution.environment == ["A=b"])
            #expect(parsed.platform == Platform(os: "linux", architecture: "arm64"))
            #expect(parsed.history.map(\.comment) == ["by hand"])
            #expect(parsed.created != nil)
        }
    }

    @Test(
        "takes a folder, and an archive from a file or standard input, compressed or not, for the same layer",
        arguments: ["folder", "cat", "gzip", "zstd -q", "bzip2", "xz"]
    )
    func sources(kind: String) async throws {
        try await TestBench.use { bench in
            let root = try await Self.makeRoot(on: bench)
            let berth = try Berth(on: bench)
            guard kind != "folder" else {
                try await berth("import", root.string, "app").output()
                #expect(try await Self.layerMessage(of: berth) == "imported\n")
                return
            }
            let archive = bench.folder.appending("rootfs.tar")
            try await Command("sh", "-c", "tar -C \(root) -cf - . | \(kind) > \(archive)").output()
            let fromFile = try await berth("import", archive.string, "app").output()
            var stream = berth("import", "-", "app:stream")
            stream.input = .file(archive)
            let fromInput = try await stream.output()
            #expect(fromFile.hasPrefix("sha256:") && fromInput.hasPrefix("sha256:"))
            // One layer, though there are two images.
            #expect(try names(in: berth.root.appending("layers/sha256")).count == 1)
            #expect(try await Self.layerMessage(of: berth) == "imported\n")
        }
    }

    private static func layerMessage(of berth: Berth) async throws -> String {
        let layers = berth.root.appending("layers/sha256")
        let layer = try #require(try names(in: layers).first)
        return String(decoding: try contents(ofFileAt: layers.appending(layer).appending("etc/motd")), as: UTF8.self)
    }

    @Test("makes the filter of the image's first container meanwhile, as commit does", .needs("busybox", root: true))
    func filter() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let folder = image.berth.root.appending("seccomp")
            #expect(try !names(in: folder).isEmpty)
            try await image.berth("create", "--name", "box", image.name, "true").output()
            try await Command("rm", "-r", folder.string).output()
            try await image.berth("commit", "box", "test/committed:1").output()
            #expect(try !names(in: folder).isEmpty)
        }
    }

    @Test("an image without a name is found by its ID")
    func unnamed() async throws {
        try await TestBench.use { bench in
            let root = try await Self.makeRoot(on: bench)
            let berth = try Berth(on: bench)
            let identifier = try await berth("import", root.string).output()
            let digits = String(identifier.dropFirst("sha256:".count).prefix(12))
            #expect(try await berth("images").output().contains(digits))
            try await berth("tag", digits, "named").output()
            #expect(try await berth("images").output().contains("named"))
        }
    }

    @Test("what is no archive, or leads out of its layer, becomes no image and leaves nothing behind")
    func refusals() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try write(
                "this is no tar archive, and long enough not to be taken for one",
                to: bench.folder.appending("no")
            )
            try await Command(
                "sh",
                "-c",
                "cd \(bench.folder); tar -P --transform 's,^no,../no,' -cf out.tar no; tar -tPf out.tar"
            ).output()
            for (file, reason) in [("no", "not a whole tar archive"), ("out.tar", "leads out of the layer")] {
                let result = try await berth("import", bench.folder.appending(file).string, "app").run()
                #expect(result.status == .exited(1))
                #expect(result.errorText.contains(reason), "\(result.errorText)")
                #expect(result.errorText.split(separator: "\n").count == 1)
            }
            #expect(try names(in: berth.root.appending("tmp")).isEmpty)
            #expect(try names(in: berth.root.appending("layers/sha256")).isEmpty)
            #expect(try names(in: berth.root.appending("images/blobs/sha256")).isEmpty)
        }
    }

    @Test("Docker Engine runs what was imported and pushed", .needs("dockerd", "docker", root: true))
    func docker() async throws {
        try await TestBench.use { bench in
            let root = try await Self.makeRoot(on: bench)
            let berth = try Berth(on: bench)
            let registry = try await Berthd.start(on: bench)
            let docker = try await DockerEngine.start(on: bench)
            let name = registry.name("team/imported")
            try await berth("import", "-c", #"CMD ["/bin/busybox", "cat", "/etc/motd"]"#, root.string, name).output()
            try await berth("push", name).output()
            try await docker("pull", name).output()
            #expect(try await docker("run", "--rm", "--network", "none", name).output() == "imported")
        }
    }

    @Test("an ordinary user can import, with nobody's files but its own", .needs("setpriv", root: true))
    func ordinaryUser() async throws {
        try await TestBench.use { bench in
            let root = try await Self.makeRoot(on: bench)
            let archive = bench.folder.appending("rootfs.tar")
            let home = try bench.makeFolder("home")
            chown(root.appending("etc/motd").string, 33, 33)
            chown(home.string, 1234, 1234)
            try await Command("sh", "-c", "touch \(root)/etc/.wh.gone; tar -C \(root) -cf \(archive) .").output()
            let program = BuiltProgram.berth.path.string
            try await Command(
                "setpriv",
                "--reuid=1234",
                "--regid=1234",
                "--clear-groups",
                program,
                "--root",
                home.appending("berth").string,
                "import",
                archive.string,
                "app"
            ).output()
            let layers = home.appending("berth/layers/sha256")
            let layer = layers.appending(try #require(try names(in: layers).first))
            let owners = try await Command("find", layer.string, "-printf", "%U:%G\n").output()
            #expect(Set(owners.split(separator: "\n")) == ["1234:1234"])
            let whiteout = try await Command("stat", "-c", "%F %t:%T", layer.appending("etc/gone").string).output()
            #expect(whiteout == "character special file 0:0")
        }
    }
}
