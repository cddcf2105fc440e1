import Glibc
import ImageSpec
import SystemPackage
import Testing

@Suite(
    "diff, export and commit",
    .needs("skopeo", "umoci", "busybox", "tar", root: true),
    .timeLimit(.minutes(10))
)
struct ContainerChangesTests {
    /// Every kind of change to the image's files, in folders that it shares with what stays.
    private static let script = """
        echo new > /etc/new; rm /etc/motd; echo more >> /etc/group; chmod 700 /home/user; mkdir -p /var/a/b
        rm -r /root; mkdir /root; echo x > /root/x; ln -s motd /etc/link; touch '/tmp/two words'; mkfifo /var/pipe
        mkdir /tmp/gone; rmdir /tmp/gone; chown 12:34 /etc/passwd; rm /bin/vi; mkdir /bin/vi; mknod /var/wh c 0 0 || true
        """

    private static let changes = """
        C /bin
        C /bin/vi
        C /etc
        C /etc/group
        A /etc/link
        D /etc/motd
        A /etc/new
        C /etc/passwd
        C /home
        C /home/user
        C /root
        A /root/x
        C /tmp
        A /tmp/two words
        C /var
        A /var/a
        A /var/a/b
        A /var/pipe
        """

    @Test("diff shows what a container did, and nothing that berth did")
    func diff() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.berth("run", "--name", "still", busybox.name, "true").output()
            #expect(try await busybox.berth("diff", "still").output() == "")
            try await busybox.berth("run", "--name", "box", busybox.name, "sh", "-c", Self.script).output()
            #expect(try await busybox.berth("diff", "box").output() == Self.changes)
        }
    }

    @Test("docker's diff shows the same", .needs("dockerd", "docker"))
    func dockerDiff() async throws {
        try await TestBench.use { bench in
            let docker = try await DockerEngine.start(on: bench)
            let image = try await BusyboxImage.shared()
            try await docker("load", "--input", image.dockerArchive.string).output()
            try await docker(
                "run",
                "--network",
                "none",
                "--name",
                "box",
                "busybox:test",
                "sh",
                "-c",
                Self.script
            ).output()
            let shown = try await docker("diff", "box").output().split(separator: "\n")
            #expect(shown.sorted { $0.dropFirst(2) < $1.dropFirst(2) }.joined(separator: "\n") == Self.changes)
        }
    }

    @Test("export gives the same bytes whether the container runs or not, without what volumes and berth mount there")
    func export() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "box"], "sh", "-c", "\(Self.script); echo ready; sleep 1000")
            try await wait(for: "ready", in: "box", busybox)
            let running = try await busybox.berth("export", "box").run()
            try await busybox.berth("kill", "box").output()
            let file = bench.folder.appending("stopped.tar")
            try await busybox.berth("export", "-o", file.string, "box").output()
            let stopped = try contents(ofFileAt: file)
            #expect(running.status == .exited(0))
            #expect(Digest.of(running.standardOutput) == Digest.of(stopped))
            let list = try await Command("tar", "tvf", file.string).output()
            #expect(list.contains(" etc/link -> motd"))
            #expect(!list.contains("etc/motd\n"))
            #expect(list.contains("var/pipe"))
            #expect(!list.contains("dev/null"))
            #expect(!list.contains("proc/1"))

            var importing = busybox.berth("import", "-", "busybox:flat")
            importing.input = .file(file)
            try await importing.output()
            let shown = try await busybox.berth("run", "--rm", "busybox:flat", "cat", "/etc/new", "/root/x").output()
            #expect(shown == "new\nx")
        }
    }

    @Test("commit makes an image that berth runs, and docker and podman pull and run", .needs("dockerd", "podman"))
    func commit() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = ["--name", "box", "-e", "FROM=the container", "-w", "/var", "--label", "made=here"]
            try await busybox.start(options, "sh", "-c", "\(Self.script); echo ready; sleep 1000")
            try await wait(for: "ready", in: "box", busybox)
            let name = busybox.registry.name("team/committed", tag: "1")
            let check =
                "cat /etc/new /root/*; ls -A /bin/vi; test ! -e /etc/motd && echo $FROM; pwd; stat -c %u:%g /etc/passwd"
            let id = try await busybox.berth(
                "commit",
                "-a",
                "me",
                "-m",
                "a message",
                "-c",
                "CMD [\"sh\", \"-c\", \"\(check)\"]",
                "box",
                name
            ).output()
            let expected = "new\nx\nthe container\n/var\n12:34"
            #expect(try await busybox.berth("run", "--rm", name).run().text == "\(expected)\n")
            let shown = try await busybox.berth(
                "inspect",
                "--format",
                "{{.Id}} {{.Author}} {{.Comment}} {{.Config.Labels.made}}",
                name
            ).output()
            #expect(shown == "\(id) me a message here")
            // Nothing of it is berth's own.
            let diffID = try await busybox.berth("inspect", "--format", "{{json .RootFS.Layers}}", name).output()
                .split(separator: "\"").last { $0.hasPrefix("sha256:") }.map { String($0.dropFirst("sha256:".count)) }
            let layer = busybox.berth.root.appending("layers/sha256/\(try #require(diffID))")
            #expect(try names(in: layer.appending("etc")) == ["group", "link", "motd", "new", "passwd"])

            try await busybox.berth("push", name).output()
            let docker = try await DockerEngine.start(on: bench)
            #expect(try await docker("run", "--rm", "--network", "none", name).run().text == "\(expected)\n")
            let podman = try Podman(on: bench)
            try await podman("pull", "--tls-verify=false", name).output()
            #expect(try await podman.run(name).run().text == "\(expected)\n")
        }
    }

    @Test("container prune removes those that don't run, as far as its filters say")
    func prune() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "running", "--label", "stage=1"], "sleep", "1000")
            for (name, label) in [("one", "stage=1"), ("two", "stage=2")] {
                try await busybox.berth("run", "--name", name, "--label", label, busybox.name, "true").output()
            }
            let nothing = try await busybox.berth("container", "prune", "-f", "--filter", "until=1h").output()
            #expect(nothing == "Total reclaimed space: 0B")
            var declined = busybox.berth("container", "prune")
            declined.input = .bytes(Array("n\n".utf8))
            #expect(try await declined.run().errorText.contains("all stopped containers"))
            let id = try await busybox.inspect("two", "{{.Id}}")
            let some = try await busybox.berth("container", "prune", "-f", "--filter", "label!=stage=1").output()
            #expect(some.hasPrefix("Deleted Containers:\n\(id)\n\n"))
            #expect(Set(try await busybox.list("{{.Names}}")) == ["running", "one"])
            try await busybox.berth("container", "prune", "--force").output()
            #expect(try await busybox.list("{{.Names}}") == ["running"])
        }
    }

    @Test("a cp that is killed leaves no process behind, and its container as it was", .needs("pgrep"))
    func killedCopy() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "box"], "sleep", "1000")
            var command = busybox.berth("cp", "-", "box:/tmp")
            command.input = .pipe
            let copy = try bench.start(command)
            // It waits for the archive that never comes.
            let helpers = try await poll(within: .seconds(20)) {
                let children = try await Command("pgrep", "-P", "\(copy.processID)").run().text.split(separator: "\n")
                return children.isEmpty ? nil : children.map(String.init)
            }
            let helper = try #require(helpers?.first)
            await copy.kill()
            let isGone = try await poll(within: .seconds(20)) { access("/proc/\(helper)", F_OK) != 0 ? true : nil }
            #expect(isGone == true)
            #expect(try await busybox.berth("exec", "box", "echo", "well").output() == "well")
        }
    }

    @Test("an ordinary user does all of it, too, and copies files", .needs("setpriv"))
    func rootless() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let home = try bench.makeFolder("home")
            chown(home.string, 4711, 4711)
            @Sendable func berth(_ arguments: String...) -> Command {
                let berth = BuiltProgram.berth.command(["--root", home.appending("berth").string] + arguments)
                let user = ["--reuid=4711", "--regid=4711", "--clear-groups"]
                return Command("setpriv", user + [berth.program] + berth.arguments)
            }
            // Folders that their owner may not enter, but the container's root.
            let script =
                "mkdir -p /shut/in; echo x > /shut/in/x; chmod 0 /shut/in /shut; rm -r /etc; mkdir /etc; echo ready"
            try await berth("run", "-d", "--name", "box", busybox.name, "sh", "-c", "\(script); sleep 1000").output()
            let ready = try await poll(within: .seconds(20)) {
                try await berth("logs", "box").output() == "ready" ? true : nil
            }
            try #require(ready == true)
            let running = try await berth("export", "box").run()
            #expect(running.status == .exited(0), "\(running.errorText)")
            try await berth("cp", "box:/shut/in/x", "\(home)/x").output()
            #expect(try await Command("stat", "-c", "%u", "\(home)/x").output() == "4711")
            try await berth("cp", "\(home)/x", "box:/shut/in/y").output()
            // What can't be read is the reason, not that it didn't arrive.
            let secret = home.appending("unreadable")
            try makeFolder(secret)
            chmod(secret.string, 0o700)
            let unreadable = try await berth("cp", secret.string, "box:/tmp").run()
            #expect(unreadable.status == .exited(1))
            #expect(unreadable.errorText.contains("unreadable") && unreadable.errorText.contains("ermission"))
            try await berth("kill", "box").output()
            try await berth("cp", "\(home)/x", "box:/shut/in/z").output()
            #expect(try await berth("cp", "box:/shut", "-").run().status == .exited(0))
            let changes = try await berth("diff", "box").output()
            #expect(changes.contains("A /shut/in/y\nA /shut/in/z"))
            #expect(changes.contains("D /etc/passwd"))
            try await berth("commit", "box", "committed").output()
            let shown = try await berth(
                "run",
                "--rm",
                "committed",
                "sh",
                "-c",
                "ls /shut/in; ls /etc; stat -c %u:%a /shut/in/y /shut"
            ).run()
            #expect(shown.text.hasPrefix("x\ny\nz\n"), "\(shown.errorText)")
            #expect(!shown.text.contains("passwd"))
            #expect(shown.text.hasSuffix("0:644\n0:0\n"))
        }
    }

    private func wait(for text: String, in container: String, _ busybox: LocalBusybox) async throws {
        let found = try await poll(within: .seconds(20)) {
            try await busybox.berth("logs", container).output().contains(text) ? true : nil
        }
        try #require(found == true)
    }
}
