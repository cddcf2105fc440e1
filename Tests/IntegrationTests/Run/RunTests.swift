import Glibc
import SystemPackage
import Testing

@Suite("berth run", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(5)))
struct RunTests {
    @Test("passes on the exit status, output, errors and input of the container's program")
    func streams() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            #expect(try await busybox.run([], "sh", "-c", "exit 7").status == .exited(7))
            let both = try await busybox.run([], "sh", "-c", "echo out; echo err >&2")
            #expect(both.text == "out\n")
            #expect(both.errorText == "err\n")

            var cat = busybox.command(["-i"], ["cat"])
            cat.input = .bytes(Array("through and through".utf8))
            #expect(try await cat.output() == "through and through")
            var blind = busybox.command([], ["cat"])
            blind.input = .bytes(Array("never read".utf8))
            #expect(try await blind.output() == "")
        }
    }

    @Test("ends as docker does: 128 and the signal, 127 not found, 126 not executable, 125 its own failure")
    func exitStatuses() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let killed = try bench.start(busybox.command([], ["sleep", "4243"]))
            let sleeper = try await killed.wait(for: "start its program") {
                try await Command("pgrep", "-f", "^sleep 4243").run().text.split(separator: "\n").first.flatMap {
                    pid_t($0)
                }
            }
            kill(sleeper, SIGKILL)
            #expect(try await killed.result(within: .seconds(10)).status == .exited(137))

            for (arguments, status) in [
                (["no-such-program"], 127), (["/bin/no-such-program"], 127), (["/etc/passwd"], 126), (["/etc"], 126),
            ] {
                let result = try await busybox.command([], arguments).run()
                #expect(result.status == .exited(Int32(status)), "\(arguments)")
                #expect(result.errorText.hasPrefix("berth: \(arguments[0]): "), "\(arguments)")
                #expect(result.errorText.split(separator: "\n").count == 1, "\(arguments)")
            }
            for options in [
                ["-w", "relative"], ["-h", "not a name"], ["--name", "-"], ["-u", "nobody-here"], ["--wrong"],
            ] {
                #expect(try await busybox.command(options, ["true"]).run().status == .exited(125), "\(options)")
            }
            let unknown = try await busybox.berth("run", busybox.registry.name("no/such")).run()
            #expect(unknown.status == .exited(125))
        }
    }

    @Test("runs what the image says unless it is told otherwise")
    func imageConfig() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            var shell = busybox.command(["-i"], [])
            shell.input = .bytes(Array("echo $FROM; echo $0\n".utf8))
            #expect(try await shell.output() == "the image\n/bin/sh")

            var environment = busybox.command(["-e", "A=1 2", "-e", "HANDED", "-e", "FROM=me", "-e", "UNSET"], ["env"])
            environment.environment = ["HANDED": "on"]
            let lines = try await environment.output().split(separator: "\n")
            for line in ["A=1 2", "HANDED=on", "FROM=me", "PATH=/bin", "HOME=/root"] {
                #expect(lines.contains { $0 == line }, "\(line)")
            }
            #expect(!lines.contains { $0.hasPrefix("UNSET") || $0.hasPrefix("TMPDIR") })

            let place = try await busybox.run(
                ["-w", "/made/here", "-h", "box"],
                "sh",
                "-c",
                "pwd; hostname; cat /etc/hostname"
            )
            #expect(place.text == "/made/here\nbox\nbox\n")
            let user = try await busybox.run(["-u", "user"], "sh", "-c", "id -u; id -G; echo $HOME")
            #expect(user.text == "1000\n1000 50\n/home/user\n")
            #expect(try await busybox.run(["--entrypoint", "echo"], "-n", "-e", "x").text == "x")
            #expect(try await busybox.run(["-it"], "true").errorText.contains("not a terminal"))
        }
    }

    @Test("takes options behind the image for the program's own")
    func optionsOfTheProgram() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            #expect(
                try await busybox.run([], "echo", "--rm", "-e", "--help", "--", "-h").text == "--rm -e --help -- -h\n"
            )
        }
    }

    @Test("never touches the image: what one container writes, another doesn't see")
    func writableLayer() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let before = try await layers(of: busybox)
            let script = "echo changed > /etc/motd; rm /bin/ls; mkdir /new; chmod 700 /tmp; cat /etc/motd"
            #expect(try await busybox.run([], "sh", "-c", script).text == "changed\n")
            let look = "cat /etc/motd; test -e /bin/ls && test ! -e /new && test ! -e /etc/removed && echo as before"
            #expect(try await busybox.run([], "sh", "-c", look).text == "another message of the day\nas before\n")
            #expect(try await layers(of: busybox) == before)
        }
    }

    /// Every file of the unpacked layers, with its mode, size and time.
    private func layers(of busybox: LocalBusybox) async throws -> String {
        try await Command(
            "sh",
            "-c",
            #"find "$0" -printf '%P %m %s %T@ %y\n' | sort"#,
            busybox.berth.root.appending("layers").string
        ).output()
    }

    @Test("with --rm leaves no mount, folder, process, namespace or cgroup, however it ends")
    func leavesNothing() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let mounts = try self.mounts(below: bench.folder)
            let cgroups = try await folders(below: "/sys/fs/cgroup")
            for command in [
                ["true"], ["false"], ["no-such-program"], ["sh", "-c", "sleep 4244 & sleep 4244 & exit 3"],
            ] {
                _ = try await busybox.command(["--name", "short-lived"], command).run()
            }
            let ended = try bench.start(
                busybox.command(["-i"], ["sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.1; done"])
            )
            _ = try await ended.line(after: "up")
            ended.send(signal: SIGTERM)
            #expect(try await ended.result(within: .seconds(10)).status == .exited(9))

            #expect(try names(in: busybox.berth.root.appending("containers")) == ["by-name"])
            #expect(try names(in: busybox.berth.root.appending("containers/by-name")).isEmpty)
            #expect(try self.mounts(below: bench.folder) == mounts)
            #expect(try await folders(below: "/sys/fs/cgroup") == cgroups)
            #expect(try await processes(of: busybox).isEmpty)
            #expect(try await Command("pgrep", "-f", "^sleep 4244").run().status == .exited(1))
        }
    }

    @Test("whose monitor is killed ends with all of its container's processes, and leaves no mount")
    func killed() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let mounts = try self.mounts(below: bench.folder)
            let running = try bench.start(busybox.command([], ["sh", "-c", "sleep 4242 & echo up; sleep 4242"]))
            _ = try await running.line(after: "up")
            let monitor = try await Command("pgrep", "-f", "^berth-monitor \(busybox.berth.root)").output()
            kill(try #require(pid_t(monitor.split(separator: "\n")[0])), SIGKILL)
            let result = try await running.result(within: .seconds(10))
            #expect(result.status == .exited(125))
            #expect(result.errorText.contains("monitor ended"))
            let isGone = try await poll(within: .seconds(10)) {
                let sleepers = try await Command("pgrep", "-f", "^sleep 4242").run()
                return sleepers.status == .exited(1) ? true : nil
            }
            #expect(isGone == true)
            #expect(try self.mounts(below: bench.folder) == mounts)
        }
    }

    private func mounts(below folder: FilePath) throws -> [Substring] {
        String(decoding: try contents(ofFileAt: "/proc/self/mountinfo"), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains(folder.string) }
    }

    private func folders(below path: String) async throws -> String {
        try await Command("sh", "-c", "find '\(path)' -type d | sort").output()
    }

    /// The processes that run below the store, by their root folder or program.
    private func processes(of busybox: LocalBusybox) async throws -> [String] {
        try await Command("pgrep", "-f", "\(busybox.berth.root) ").run().text.split(separator: "\n").map(String.init)
    }

    @Test(
        "passes the signals that it gets on to the container's program",
        arguments: [SIGTERM, SIGINT, SIGHUP, SIGUSR1]
    )
    func signals(number: Int32) async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script = "trap 'echo got it; exit 5' \(number); echo up; while :; do sleep 0.05; done"
            let running = try bench.start(busybox.command([], ["sh", "-c", script]))
            _ = try await running.line(after: "up")
            running.send(signal: number)
            let result = try await running.result(within: .seconds(10))
            #expect(result.status == .exited(5))
            #expect(result.text == "up\ngot it\n")
        }
    }

    @Test("without --rm keeps the container, whose name is taken then")
    func takenName() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let first = busybox.berth("run", "--name", "mine", busybox.name, "sh", "-c", "echo kept > /kept; exit 4")
            #expect(try await first.run().status == .exited(4))
            let second = try await busybox.run(["--name", "mine"], "true")
            #expect(second.status == .exited(125))
            #expect(second.errorText.contains("the name 'mine' is in use"))
            let containers = busybox.berth.root.appending("containers")
            let id = try #require(try names(in: containers).first { $0.utf8.count == 64 })
            #expect(try contents(ofFileAt: containers.appending("\(id)/upper/kept")) == Array("kept\n".utf8))
            let record = String(
                decoding: try contents(ofFileAt: containers.appending("\(id)/state.json")),
                as: UTF8.self
            )
            #expect(record.replacing(" ", with: "").contains(#""exitStatus":4"#), "\(record)")
        }
    }

    @Test("sees no file, process or network of the host")
    func isolation() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script =
                "echo $$; ls /proc | grep -c '^[0-9]'; ls /sys/class/net; ls -d \(busybox.berth.root) /usr 2>&1 | grep -vc No"
            let result = try await busybox.run(["--network", "none"], "sh", "-c", script)
            let lines = result.text.split(separator: "\n").map(String.init)
            #expect(lines.first == "1")
            #expect((2...6).contains(lines.dropFirst().first.flatMap { Int($0) } ?? 0))
            #expect(lines.dropFirst(2).first == "lo")
            #expect(lines.last == "0")
        }
    }

    @Test("gives the program a terminal of its own with -t")
    func terminal() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.command(
                ["-it"],
                ["sh", "-c", "'tty; test -t 0 && test -t 1 && echo both; read line; echo read $line; exit 6'"]
            )
            // script(1) gives berth a terminal, as a person's would be.
            var command = Command("script", "-qe", "-c", run.description, "/dev/null")
            command.input = .pipe
            let running = try bench.start(command)
            try await running.wait(for: "both") {
                String(decoding: running.outputSoFar, as: UTF8.self).contains("both") ? true : nil
            }
            try running.write(Array("typed\n".utf8))
            let result = try await running.result(within: .seconds(20))
            #expect(result.status == .exited(6))
            #expect(result.text.contains("/dev/pts/0"))
            #expect(result.text.contains("read typed"))
        }
    }

    @Test("lets the container have pipes only: no file or terminal of the host, whatever berth was given")
    func hostFiles() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let file = bench.folder.appending("precious")
            try write("precious\n", to: file)
            let mode = try await Command("stat", "-c", "%a", file.string).output()
            let script =
                "cat; echo overwritten > /proc/self/fd/0; chmod 4777 /proc/self/fd/0 /proc/self/fd/1; test -t 1 || echo no terminal"
            var run = busybox.command(["-i"], ["sh", "-c", script])
            run.input = .file(file)
            let result = try await run.run()
            #expect(result.text == "precious\nno terminal\n")
            #expect(try contents(ofFileAt: file) == Array("precious\n".utf8))
            #expect(try await Command("stat", "-c", "%a", file.string).output() == mode)
        }
    }

    @Test("tells the exit status though its caller ignores the end of children, and has closed its streams")
    func oddCaller() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.command(["-i"], ["sh", "-c", "'ls -l /proc/self/fd; exit 3'"])
            let ignoring = try await Command("sh", "-c", "trap '' CHLD; exec \(run) <&-").run()
            #expect(ignoring.status == .exited(3))
            #expect(!ignoring.text.contains("eventpoll"))
        }
    }

    @Test("ends a container at a terminal whose output nobody reads any more")
    func brokenOutput() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.command(["-t"], ["sh", "-c", "'while :; do echo y; done'"])
            var piped = Command("sh", "-c", "\(run) | head -1")
            piped.timeLimit = .seconds(20)
            #expect(try await piped.run().text.contains("y"))
        }
    }

    @Test("pulls an image that isn't here, and keeps quiet about it on the standard output")
    func pullsWhatIsMissing() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let other = try Berth(on: bench, root: "other")
            let result = try await other("run", "--rm", busybox.name, "echo", "here").run()
            #expect(result.text == "here\n")
            #expect(result.errorText.contains("Unable to find image"))
            #expect(result.errorText.contains("Downloaded newer image"))
            let again = try await other("run", "--rm", busybox.name, "echo", "here").run()
            #expect(again.errorText == "")
        }
    }

    @Test("works for an ordinary user, who is root inside only")
    func rootless() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let home = try bench.makeFolder("home")
            chown(home.string, 4711, 4711)
            let script =
                "id -u; cat /proc/self/uid_map; cat /etc/motd; test -e /etc/removed || echo hidden; touch /new && exit 3"
            let run = BuiltProgram.berth.command(
                ["--root", home.appending("berth").string, "run", "--rm", busybox.name, "sh", "-c", script]
            )
            let result = try await Command(
                "setpriv",
                ["--reuid=4711", "--regid=4711", "--clear-groups", run.program] + run.arguments
            ).run()
            #expect(result.status == .exited(3), "\(result.errorText)")
            let lines = result.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            #expect(lines == ["0", "0 4711 1", "another message of the day", "hidden"])
            #expect(try names(in: home.appending("berth/containers")) == ["by-name"])
        }
    }
}
