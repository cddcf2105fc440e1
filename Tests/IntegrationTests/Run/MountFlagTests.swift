import Glibc
import SystemPackage
import Testing

@Suite("berth run's mounts", .needs("busybox", root: true), .timeLimit(.minutes(3)))
struct MountFlagTests {
    private static let content =
        "mkdir -p data/sub; echo image > data/sub/file; ln -s sub/file data/link; chown 1000 data"

    @Test("a folder of the host's is made where it is missing, and is the host's")
    func bind() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let folder = bench.folder.appending("made/by/berth")
            #expect(
                try await image.run(["-v", "\(folder):/m"], "sh", "-c", "echo there > /m/file").status == .exited(0)
            )
            #expect(try contents(ofFileAt: folder.appending("file")) == Array("there\n".utf8))
            let options = ["--mount", "type=bind,source=\(folder)/file,target=/etc/one,readonly"]
            let result = try await image.run(options, "sh", "-c", "cat /etc/one; echo x > /etc/one")
            #expect(result.text == "there\n")
            #expect(result.status == .exited(1))
        }
    }

    @Test("a new volume has what the image has at its place, and keeps what containers write")
    func namedVolume() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench, script: Self.content)
            let script = "cat /data/link; stat -c %u /data; echo more > /data/other"
            #expect(try await image.run(["-v", "db:/data"], "sh", "-c", script).text == "image\n1000\n")
            #expect(try await image.run(["-v", "db:/elsewhere"], "ls", "/elsewhere").text == "link\nother\nsub\n")
            #expect(try await image.run(["-v", "db:/data:ro"], "touch", "/data/x").status == .exited(1))
            #expect(try await image.run(["-v", "new:/data:nocopy"], "ls", "/data").text == "")
            #expect(try await image.berth("volume", "ls", "-q").output() == "db\nnew")
        }
    }

    @Test("the image's volumes are new for each container, and go with --rm or rm -v")
    func imageVolumes() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench, script: Self.content, changes: [#"VOLUME ["/data"]"#])
            let script = "cat /data/link; grep -c ' /data ' /proc/mounts"
            #expect(try await image.run([], "sh", "-c", script).text == "image\n1\n")
            #expect(try await image.berth("volume", "ls", "-q").output() == "")
            try await image.start(["--name", "one", "--tmpfs", "/t"], "sleep", "100")
            let template = "{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}};{{end}}{{.HostConfig.Privileged}}"
            let shown = image.berth("inspect", "--format", template, "one")
            #expect(try await shown.output() == "volume /data true;tmpfs /t true;false")
            #expect(try await image.berth("volume", "ls", "-q").output().utf8.count == 64)
            try await image.berth("rm", "-f", "-v", "one").output()
            #expect(try await image.berth("volume", "ls", "-q").output() == "")
            // What the user puts there is there instead.
            let own = try await image.run(["--tmpfs", "/data"], "sh", "-c", "ls -A /data; grep ' /data ' /proc/mounts")
            #expect(own.text.hasPrefix("tmpfs /data tmpfs "))
        }
    }

    @Test("what every container has mounted is no change of it; its hosts file can be written, but not when read-only")
    func noTrace() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            try await image.start(["--name", "clean", "-t"], "sleep", "100")
            #expect(try await image.berth("diff", "clean").output() == "")
            try await image.berth("rm", "-f", "clean").output()
            let script = "echo '10.0.0.1 added' >> /etc/hosts; tail -n 1 /etc/hosts"
            #expect(try await image.run([], "sh", "-c", script).text == "10.0.0.1 added\n")
            let readOnly = try await image.run(
                ["--read-only"],
                "sh",
                "-c",
                "echo x >> /etc/hosts; touch /x; touch /dev/shm/x"
            )
            #expect(readOnly.status == .exited(0))
            #expect(readOnly.errorText.split(separator: "\n").count == 2)
        }
    }
}
