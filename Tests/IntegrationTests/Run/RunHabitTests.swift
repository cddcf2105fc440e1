import SystemPackage
import Testing

/// What berth's commands for containers do in small things, beside docker's own.
@Suite("Docker's habits with containers", .needs("busybox", root: true), .timeLimit(.minutes(5)))
struct RunHabitTests {
    @Test("--entrypoint= drops the image's entrypoint; behind the image's name it is the program's own")
    func emptyEntrypoint() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(
                on: bench,
                changes: [#"ENTRYPOINT ["echo", "entry"]"#, #"CMD ["usual"]"#]
            )
            #expect(try await image.run([]).text == "entry usual\n")
            for option in [["--entrypoint="], ["--entrypoint", ""]] {
                #expect(try await image.run(option, "echo", "without").text == "without\n", "\(option)")
                let empty = try await image.run(option)
                #expect(empty.status == .exited(125), "\(option)")
                #expect(empty.errorText.contains("no command"), "\(empty.errorText)")
            }
            #expect(try await image.run([], "--entrypoint=", "--x=").text == "entry --entrypoint= --x=\n")
            try await image.start(["--name", "kept", "--entrypoint="], "sleep", "100")
            let inside = image.berth("exec", "kept", "echo", "--entrypoint=")
            #expect(try await inside.output() == "--entrypoint=")
            try await image.berth("rm", "-f", "kept").output()
        }
    }

    @Test("a short option's value may stand right behind it")
    func joinedValues() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let options = ["-eA=1", "-v\(bench.folder):/shown:ro", "-w/shown", "-hbox", "-u1000", "-lx=y", "-m64m"]
            let result = try await image.run(
                options + ["--network", "none"],
                "sh",
                "-c",
                "echo $A $PWD; hostname; id -u"
            )
            #expect(result.text == "1 /shown\nbox\n1000\n", "\(result.errorText)")
            let memory = ["--memory-swap", "-1", "-m", "64m", "--stop-timeout", "-1", "--network", "none"]
            #expect(try await image.run(memory, "echo", "-eA=1").text == "-eA=1\n")
            let score = try await image.run(["--oom-score-adj", "-1001"], "true")
            #expect(score.errorText.contains("--oom-score-adj can't be '-1001'"), "\(score.errorText)")
            #expect(try await image.run(["-yA=1"], "true").errorText.contains("Unknown option '-y'"))
        }
    }

    @Test("variables, hosts and listed commands are as docker has them", .needs("dockerd", "docker", "skopeo", "umoci"))
    func likeDocker() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let busybox = try await berth.importBusybox(as: "example.com/busybox:test")
            let docker = try await DockerEngine.start(on: bench)
            try await docker("load", "--input", BusyboxImage.shared().dockerArchive.string).output()
            func both(_ arguments: String...) async throws -> (ours: CommandResult, theirs: CommandResult) {
                let ours = berth(arguments.map { $0 == "IMAGE" ? busybox : $0 })
                var theirs = docker()
                theirs.arguments += arguments.map { $0 == "IMAGE" ? "busybox:test" : $0 }
                return try await (ours.run(), theirs.run())
            }
            let alone = ["--rm", "--network", "none", "-h", "box"]
            for options in [
                [], ["-e", "B=2", "-e", "A=3"], ["-e", "PATH=/bin:/x", "-e", "FROM=here", "-e", "Z=1"],
                ["-e", "HOSTNAME=other", "-e", "A"], ["-e", "FROM"],
            ] {
                var ours = berth(["run"] + alone + options + [busybox, "env"])
                ours.environment["A"] = nil
                var theirs = docker("run")
                theirs.arguments += alone + options + ["busybox:test", "env"]
                let (found, expected) = try await (ours.output(), theirs.output())
                #expect(found == expected, "\(options)")
            }
            let hosts = try await both("run", "--rm", "--network", "none", "-h", "box", "IMAGE", "cat", "/etc/hosts")
            #expect(hosts.ours.text == hosts.theirs.text)

            let script = "echo \"two words\" \\\n\t'x'; sleep 1000"
            let started = [
                "run", "-d", "--network", "none", "--name", "box", "-h", "inner", "-l", "x=1,2", "-e", "B=2",
            ]
            _ = try await berth(started + [busybox, "sh", "-c", script]).output()
            var their = docker()
            their.arguments += started + ["busybox:test", "sh", "-c", script]
            try await their.output()
            for network in ["host", "container:box"] {
                let names = try await both("run", "--rm", "--network", network, "IMAGE", "hostname")
                #expect(names.ours.text == names.theirs.text, "\(network)")
            }
            for options in [[], ["--no-trunc"]] {
                let ours = try await berth(["ps", "--format", "{{.Command}}"] + options).output()
                var theirs = docker("ps", "--format", "{{.Command}}")
                theirs.arguments += options
                #expect(try await ours == theirs.output())
            }
            for arguments in [
                ["ps", "--filter", "label=x", "--format", #"{{.Label "x"}}"#],
                ["ps", "--filter", "name=^/?b.x$", "-q"],
                ["ps", "--filter", "name=^ox", "-q"], ["exec", "-u", "nosuch", "box", "true"],
            ] {
                var theirs = docker()
                theirs.arguments += arguments
                let (ours, expected) = try await (berth(arguments).run(), theirs.run())
                #expect(ours.status == expected.status, "\(arguments): \(ours.errorText)")
                guard arguments[0] == "ps" else { continue }
                // IDs are each one's own.
                #expect(ours.text.count == expected.text.count, "\(arguments)")
            }
            let inside = try await both("exec", "-e", "C=3", "-e", "B=4", "box", "env")
            func lines(_ result: CommandResult) -> [Substring] {
                result.text.split(separator: "\n").filter { !$0.hasPrefix("HOSTNAME=") }
            }
            #expect(lines(inside.ours) == lines(inside.theirs))
            _ = try await both("rm", "-f", "box")

            for arguments in [["rm", "-f", "nosuch"], ["rm", "nosuch"]] {
                var theirs = docker()
                theirs.arguments += arguments
                let (ours, expected) = try await (berth(arguments).run(), theirs.run())
                #expect(ours.status == expected.status, "\(arguments)")
                #expect(ours.text == expected.text, "\(arguments)")
                #expect(ours.errorText == "berth: no such container: nosuch\n")
                #expect(expected.errorText.lowercased().contains("no such container: nosuch"))
            }
            let published = try await both("run", "--rm", "--network", "host", "-p", "80:80", "IMAGE", "true")
            #expect(published.ours.status == .exited(0))
            #expect(published.ours.errorText == published.theirs.errorText)
            let short = try await both("volume", "create", "x")
            #expect(short.ours.status == short.theirs.status)
        }
    }

    @Test("-a goes along with the streams that are named, and no other", .needs("dockerd", "docker", "skopeo", "umoci"))
    func attach() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let busybox = try await berth.importBusybox(as: "example.com/busybox:test")
            let docker = try await DockerEngine.start(on: bench)
            try await docker("load", "--input", BusyboxImage.shared().dockerArchive.string).output()
            let program = ["sh", "-c", "cat; echo out; echo err >&2; exit 3"]
            for options in [
                ["-a", "stdout"], ["-a", "STDERR"], ["-a", "stdin", "-a", "stdout", "-i"], ["-a", "stdin", "-i"],
                ["--attach", "stdout", "--attach=stderr"], ["-astdout"], ["-a", "nonsense"], ["-d", "-a", "stdout"],
            ] {
                var ours = berth(["run", "--rm", "--network", "none"] + options + [busybox] + program)
                var theirs = docker("run", "--rm", "--network", "none")
                theirs.arguments += options + ["busybox:test"] + program
                ours.input = .bytes(Array("in\n".utf8))
                theirs.input = ours.input
                let (result, expected) = try await (ours.run(), theirs.run())
                #expect(result.status == expected.status, "\(options)")
                #expect(result.text == expected.text, "\(options)")
                guard expected.status == .exited(3) else { continue }
                #expect(result.errorText == expected.errorText, "\(options)")
            }
        }
    }

    @Test(
        "durations and lists of processors that can't be are told of in a line",
        arguments: [
            (["--health-cmd", "true", "--health-interval", "5x"], "--health-interval can't be '5x'"),
            (["--health-timeout", "5"], "--health-timeout can't be '5'"),
            (["--health-start-period", "-5s"], "--health-start-period can't be '-5s'"),
            (["--cpuset-cpus", "0-9999"], "--cpuset-cpus can't be '0-9999': this machine has 0"),
            (["--cpuset-cpus", "one"], "--cpuset-cpus can't be 'one': it should be like 0-2,4"),
            (["--cpuset-cpus", "1-0"], "--cpuset-cpus can't be '1-0'"),
            (["--cpuset-mems", "0-9223372036854775807"], "--cpuset-mems can't be"),
            (["--cpu-period", "10"], "--cpu-period can't be '10': it should be 1000 to 1000000"),
            (["--cpu-quota", "999"], "--cpu-quota can't be '999': it should be 1000 at least"),
            (["--cpus", "1", "--cpu-quota", "5000"], "conflicting options: --cpus and --cpu-quota exclude each other"),
            (["--memory-swappiness", "101"], "--memory-swappiness can't be '101': it should be 0 to 100"),
            (
                ["--pid", "host"],
                "--pid can't be 'host': it should be private: the host's processes are not for a container"
            ),
            (["--ipc", "none"], "--ipc can't be 'none': it should be host, private or shareable"),
            (["--cgroupns", "host"], "--cgroupns can't be 'host': it should be private"),
            (["--uts", "host", "-h", "box"], "conflicting options: --hostname and --uts host exclude each other"),
            (["--ipc", "host", "--sysctl", "kernel.shmmax=1"], "the setting 'kernel.shmmax' would be the host's"),
        ]
    )
    func refused(options: [String], word: String) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let result = try await image.run(options + ["--network", "none"], "true")
            #expect(result.status == .exited(125))
            #expect(result.errorText.hasPrefix("berth: \(word)"), "\(result.errorText)")
            #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
            let usual = [
                "--health-cmd", "true", "--health-interval", "0", "--health-timeout", "1m0.5s", "--cpus", "0",
                "--cpu-quota", "0", "--cpu-period", "0", "--memory-swappiness", "-1", "--pid", "", "--userns", "host",
                "--ipc", "private", "--cgroupns", "private", "-q",
            ]
            #expect(
                try await image.run(usual + ["--network", "none", "--cpuset-cpus", ""], "true").status == .exited(0)
            )
        }
    }
}
