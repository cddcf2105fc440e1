import SystemPackage
import Testing

@Suite("Volumes of containers", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(5)))
struct VolumeTests {
    @Test("a volume outlives its containers, is shared by them, and is removed when none names it")
    func named() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.berth(
                "run",
                "-v",
                "db:/data",
                "--name",
                "writer",
                busybox.name,
                "sh",
                "-c",
                "echo x > /data/file"
            )
            .output()
            #expect(try await busybox.berth("volume", "ls", "-q").output() == "db")
            let read = try await busybox.run(
                ["-v", "db:/elsewhere:ro"],
                "sh",
                "-c",
                "cat /elsewhere/file; touch /elsewhere/new"
            )
            #expect(read.text == "x\n")
            #expect(read.status == .exited(1))
            let refused = try await busybox.berth("volume", "rm", "db").run()
            #expect(refused.status == .exited(1))
            #expect(refused.errorText.contains("in use"))
            #expect(try await busybox.berth("volume", "prune", "-af").output() == "Total reclaimed space: 0B")
            // What a stopped container sees there is copied, too.
            try await busybox.berth("cp", "writer:/data/file", "\(bench.folder)/copied").output()
            #expect(try contents(ofFileAt: bench.folder.appending("copied")) == Array("x\n".utf8))
            let list = try await busybox.berth("volume", "ls", "--filter", "dangling=true", "-q").output()
            #expect(list == "")

            try await busybox.berth("rm", "writer").output()
            #expect(try await busybox.berth("volume", "ls", "--filter", "dangling=true", "-q").output() == "db")
            #expect(try await busybox.berth("volume", "rm", "db").output() == "db")
            let gone = try await busybox.berth("volume", "inspect", "db").run()
            #expect(gone.status == .exited(1))
            #expect(gone.text == "[]\n")
        }
    }

    @Test("a new volume has what the image has at its place, with owners and modes, and keeps what is done to it")
    func filled() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script = "stat -c '%a %U' /home /home/user; ls /home; rm -r /home/user; touch /home/new"
            let first = try await busybox.run(["-v", "homes:/home"], "sh", "-c", "chmod 2750 /home; \(script)")
            #expect(first.text == "2750 root\n755 root\nuser\n")
            let second = try await busybox.run(["-v", "homes:/home"], "sh", "-c", "stat -c '%a %U' /home; ls /home")
            #expect(second.text == "2750 root\nnew\n")
            let bare = try await busybox.run(["-v", "other:/home:nocopy"], "ls", "/home")
            #expect(bare.text == "")
        }
    }

    @Test("one that nobody named goes with its container: by rm -v, run --rm and prune")
    func anonymous() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            #expect(try await busybox.run(["-v", "/data"], "sh", "-c", "echo x > /data/f; cat /data/f").text == "x\n")
            #expect(try await busybox.berth("volume", "ls", "-q").output() == "")
            for name in ["one", "two"] {
                try await busybox.berth("run", "-v", "/data", "--name", name, busybox.name, "touch", "/data/f").output()
            }
            let names = try await busybox.berth("volume", "ls", "-q").output().split(separator: "\n")
            #expect(names.count == 2 && names.allSatisfy { $0.utf8.count == 64 })
            try await busybox.berth("rm", "-v", "one").output()
            #expect(try await busybox.berth("volume", "ls", "-q").output().split(separator: "\n").count == 1)
            try await busybox.berth("rm", "two").output()
            let pruned = try await busybox.berth("volume", "prune", "--force").output()
            #expect(pruned.hasPrefix("Deleted Volumes:\n"))
            #expect(try await busybox.berth("volume", "ls", "-q").output() == "")
        }
    }

    @Test("an image's links at a volume's place lead nowhere on this host when it is filled")
    func hostileImage() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let host = try bench.makeFolder("host")
            try write("the host's\n", to: host.appending("secret"))
            let script = "mkdir /place; ln -s \(host) /place/out; ln -s \(host) /link; echo mine > /place/file"
            try await busybox.berth("run", "--name", "maker", busybox.name, "sh", "-c", script).output()
            try await busybox.berth("commit", "maker", "hostile").output()
            let listing = "ls -l /place; cat /place/out/secret"
            let seen = try await busybox.berth("run", "--rm", "-v", "v1:/place", "hostile", "sh", "-c", listing).run()
            #expect(seen.text.contains("out -> \(host)"))
            #expect(!seen.text.contains("the host's"))
            let linked = try await busybox.berth("run", "--rm", "-v", "v2:/link/in", "hostile", "ls", "/link/in").run()
            #expect(!linked.text.contains("secret"))
            #expect(try names(in: host) == ["secret"])
        }
    }

    @Test("volume create, ls and inspect print as docker's do")
    func commands() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            #expect(try await berth("volume", "create", "--label", "tier=back", "db").output() == "db")
            #expect(try await berth("volume", "create", "db").output() == "db")
            let anonymous = try await berth("volume", "create").output()
            #expect(anonymous.utf8.count == 64)
            let list = try await berth("volume", "ls").output().split(separator: "\n")
            #expect(list.count == 3 && list[0] == "DRIVER    VOLUME NAME" && list.contains("local     db"))
            #expect(try await berth("volume", "ls", "-q", "--filter", "label=tier=back").output() == "db")
            let shown = try await berth("volume", "inspect", "-f", "{{.Driver}} {{.Labels.tier}} {{.Mountpoint}}", "db")
                .output()
            #expect(shown == "local back \(berth.root)/volumes/db/_data")
            for wrong in ["a b", "../x", "x"] {
                #expect(try await berth("volume", "create", wrong).run().status == .exited(1))
            }
            #expect(try await berth("volume", "rm", "nonesuch").run().errorText.contains("no such volume"))
            #expect(try await berth("volume", "rm", "-f", "nonesuch").output() == "nonesuch")
        }
    }
}
