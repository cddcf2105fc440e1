import Glibc
import SystemPackage
import Testing

@Suite(
    "Containers of an OCI runtime",
    .needs("skopeo", "umoci", "busybox", "runc", "crun", root: true),
    .timeLimit(.minutes(5))
)
struct RuntimeTests {
    @Test("pass on streams and exit statuses, and fail as docker's do", arguments: ContainerRuntime.allCases)
    func statuses(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let both = try await busybox.run([], "sh", "-c", "echo out; echo err >&2; exit 7")
            #expect(both.status == .exited(7))
            #expect(both.text == "out\n")
            #expect(both.errorText == "err\n")
            var cat = busybox.command(["--rm", "-i"], ["cat"])
            cat.input = .bytes(Array("through and through".utf8))
            #expect(try await cat.output() == "through and through")
            #expect(try await busybox.run([], "cat").text == "")
            // A signal without a handler doesn't reach a first process.
            let killed = try await busybox.run([], "sh", "-c", "sh -c 'kill -KILL $$'; exit $?")
            #expect(killed.status == .exited(137))

            for (program, status) in [("nosuch", 127), ("/bin/nosuch", 127), ("/etc/passwd", 126), ("/etc", 126)] {
                let result = try await busybox.run([], program)
                #expect(result.status == .exited(Int32(status)), "\(program)")
                #expect(result.errorText.hasPrefix("berth: \(program): "), "\(result.errorText)")
                #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
            }
            #expect(try await busybox.run(["-u", "nobody-here"], "true").status == .exited(125))
            #expect(try await busybox.list("{{.ID}}").isEmpty)
        }
    }

    @Test("give programs what berth's own sandbox gives them", arguments: ContainerRuntime.allCases)
    func sameInside(_ runtime: ContainerRuntime) async throws {
        let script = """
            id; id -G; env | sort; pwd; hostname; ulimit -n; cat /etc/hosts /etc/hostname /etc/resolv.conf
            grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status; cat /proc/self/oom_score_adj
            cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ip_forward
            grep -E ' /(dev/shm|run|proc/kcore|proc/sys|sys) ' /proc/self/mountinfo | cut -d' ' -f5,6 | cut -d, -f1 | sort
            ls /sys/firmware; test -s /proc/keys && echo keys; touch /file /sys/file; unshare -m true; ls /sys/class/net; umask
            for namespace in mnt pid net uts ipc cgroup; do
                test $(readlink /proc/self/ns/$namespace) = \(try await Self.ownNamespaces()) && echo same $namespace
            done; true
            """
        let choices = [
            [], ["-u", "user"], ["-u", "7:8", "--group-add", "9"], ["--read-only", "--tmpfs", "/run:size=1m"],
            ["--cap-drop", "ALL", "--cap-add", "CHOWN"], ["--security-opt", "seccomp=unconfined"], ["--privileged"],
            ["-w", "/made/here", "-e", "A=1 2", "--ulimit", "nofile=100:200", "--oom-score-adj", "100"],
            ["--sysctl", "net.ipv4.ip_forward=1", "--shm-size", "1m", "--security-opt", "no-new-privileges=false"],
        ]
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            for options in choices {
                let options = options + ["-h", "box", "--network", "none"]
                let ours = try await busybox.busybox.run(options, "sh", "-c", script)
                let theirs = try await busybox.run(options, "sh", "-c", script)
                #expect(ours.status == .exited(0), "\(options): \(ours.errorText)")
                #expect(theirs.text == ours.text, "\(options)")
                #expect(theirs.errorText == ours.errorText, "\(options)")
            }
        }
    }

    private static func ownNamespaces() async throws -> String {
        let names = ["mnt", "pid", "net", "uts", "ipc", "cgroup"]
        return try names.map { name in
            var buffer = [CChar](repeating: 0, count: 64)
            guard readlink("/proc/self/ns/\(name)", &buffer, buffer.count - 1) > 0 else {
                throw Errno(rawValue: errno)
            }
            return "\(FilePath(platformString: buffer))"
        }
        .joined(separator: " -o $(readlink /proc/self/ns/$namespace) = ")
    }

    @Test(
        "have volumes, folders of the host's and chosen devices, and can open no other",
        arguments: ContainerRuntime.allCases
    )
    func mountsAndDevices(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let folder = try bench.makeFolder("shown")
            try write("from outside", to: folder.appending("file"))
            let volume = ["-v", "kept:/kept", "-v", "\(folder):/shown:ro"]
            let first = try await busybox.run(
                volume,
                "sh",
                "-c",
                "cat /shown/file; echo in > /kept/file; touch /shown/new"
            )
            #expect(first.text == "from outside")
            #expect(first.errorText.contains("Read-only file system"))
            #expect(try await busybox.run(volume, "cat", "/kept/file").text == "in\n")

            let node = try await busybox.run([], "sh", "-c", "mknod /dev/mine c 10 229 && cat /dev/mine")
            #expect(node.errorText.contains("Operation not permitted"), "\(node.errorText)")
            let chosen = try await busybox.run(["--device", "/dev/kmsg:/dev/own"], "stat", "-c", "%t:%T", "/dev/own")
            #expect(chosen.text == "1:b\n")
            #expect(try await busybox.run(["-v", "/tmp:/t:shared"], "true").errorText.contains("shared"))
        }
    }

    @Test("are reached at published ports, and share another's network", arguments: ContainerRuntime.allCases)
    func network(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let script = "mkdir /www; echo hello > /www/index.html; exec httpd -f -p 80 -h /www"
            try await busybox.start(["--name", "web", "-p", "127.0.0.1::80"], "sh", "-c", script)
            let address = try await busybox.berth("port", "web", "80").output()
            let answer = try await poll(within: .seconds(10)) {
                let result = try await Command("busybox", "wget", "-qO-", "http://\(address)/").run()
                return result.text == "hello\n" ? true : nil
            }
            #expect(answer == true)
            let beside = try await busybox.run(["--network", "container:web"], "wget", "-qO-", "http://127.0.0.1/")
            #expect(beside.text == "hello\n")
            let host = try await busybox.run(["--network", "host"], "readlink", "/proc/self/ns/net")
            #expect(try await Command("readlink", "/proc/self/ns/net").output() + "\n" == host.text)
            try await busybox.berth("rm", "-f", "web").output()
        }
    }

    @Test(
        "have an init of the host's where one is asked for, which passes signals on and buries orphans",
        .needs("docker-init"),
        arguments: ContainerRuntime.allCases
    )
    func initial(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let script = """
                cat /proc/1/cmdline | tr '\\0' ' ' | head -n 1 | cut -d' ' -f1-3; test $$ != 1 && echo second
                sh -c 'sleep 0.1 & true'; sleep 0.5; ps -o stat | grep Z; exit 5
                """
            let result = try await busybox.run(["--init"], "sh", "-c", script)
            #expect(result.status == .exited(5))
            #expect(result.text == "/dev/init -- sh\nsecond\n", "\(result.errorText)")
            // A first process would not even hear of it.
            try await busybox.start(["--name", "box", "--init"], "sleep", "1000")
            try await busybox.berth("exec", "box", "true").output()
            try await busybox.berth("stop", "-t", "20", "box").output()
            #expect(try await busybox.berth("inspect", "--format", "{{.State.ExitCode}}", "box").output() == "143")
            #expect(try await busybox.berth("diff", "box").output() == "")
        }
    }

    @Test("need a runtime that is there and works, and say in one line what it said")
    func refusals() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            for (name, word) in [("no-such-runtime", "missing"), ("/etc/passwd", "missing"), ("", "missing")] {
                let result = try await busybox.run(["--runtime", name], "true")
                #expect(result.status == .exited(125))
                #expect(result.errorText.contains(word), "\(result.errorText)")
            }
            let silent = try bench.makeFolder("runtimes").appending("silent")
            try write("#!/bin/sh\nexit 3\n", to: silent)
            chmod(silent.string, 0o755)
            let failed = try await busybox.run(["--runtime", silent.string], "true")
            #expect(failed.status == .exited(125))
            #expect(
                failed.errorText == "berth: the runtime \(silent) failed: it ended with status 3, and without a word\n"
            )
            #expect(try await busybox.list("{{.ID}}").isEmpty)

            // What the configuration says holds until another is named.
            try busybox.berth.configure("runtime: \(silent)\n")
            #expect(try await busybox.berth("run", "--rm", busybox.name, "true").run().status == .exited(125))
            let own = busybox.berth("run", "--rm", "--runtime", "berth", busybox.name, "echo", "own")
            #expect(try await own.output() == "own")
        }
    }
}
