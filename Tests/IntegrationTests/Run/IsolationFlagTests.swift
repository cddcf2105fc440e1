import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("berth run's isolation", .needs("busybox", root: true), .timeLimit(.minutes(3)))
struct IsolationFlagTests {
    private static let status = ["grep", "-E", "^(Cap|Seccomp:)", "/proc/self/status"]

    /// docker asks for all there are, whether or not its own caller has them, and fails then.
    private static var hasAllCapabilities: Bool {
        let status = (try? contents(ofFileAt: "/proc/self/status")) ?? []
        return String(decoding: status, as: UTF8.self).contains("CapBnd:\t000001ffffffffff")
    }

    @Test(
        "capabilities and the filter are as docker has them for the same flags",
        .needs("dockerd", "docker"),
        arguments: [
            [], ["--cap-add", "NET_ADMIN", "--cap-drop", "CAP_CHOWN"], ["--cap-drop", "all"],
            ["--cap-drop", "ALL", "--cap-add", "kill"], ["-u", "1000"], ["--security-opt", "seccomp=unconfined"],
        ] + (hasAllCapabilities ? [["--cap-add", "ALL", "--cap-drop", "SYS_ADMIN"], ["--privileged"]] : [])
    )
    func likeDocker(flags: [String]) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let engine = try await DockerEngine.start(on: bench)
            let archive = bench.folder.appending("root.tar").string
            try await Command("tar", "-C", image.folder.string, "-cf", archive, ".").output()
            try await engine("import", archive, "root").output()
            var docker = engine("run", "--rm", "--network", "none")
            docker.arguments += flags + ["root"] + Self.status
            var berth = image.berth("run", "--rm")
            berth.arguments += flags + [image.name] + Self.status
            #expect(try await berth.output() == docker.output(), "\(flags)")
        }
    }

    @Test(
        "the host's shared memory and name are there where that is wished, with the user's own mounts below",
        .needs("runc"),
        arguments: ["berth", "runc"]
    )
    func hostNamespaces(runtime: String) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let runtime = ["--runtime", runtime, "--network", "none"]
            let host = ["--ipc", "host", "--uts", "host"]
            let show = "for name in ipc uts pid mnt; do readlink /proc/self/ns/$name; done; hostname"
            let mine = try await Command("sh", "-c", show).output().split(separator: "\n")
            let theirs = try await image.run(runtime + host, "sh", "-c", show).text.split(separator: "\n")
            #expect(theirs.count == 5 && theirs[..<2] == mine[..<2] && theirs[4] == mine[4])
            let own = try await image.run(runtime, "sh", "-c", show).text.split(separator: "\n")
            #expect(own.count == 5)
            for (mine, other) in Array(zip(mine, own)) + Array(zip(mine[2...3], theirs[2...3])) {
                #expect(mine != other)
            }

            let name = "berth-\(UInt64.random(in: 0...UInt64.max))"
            let shared = "/dev/shm/\(name)"
            mkdir(shared, 0o755)
            defer { try? FileManager.default.removeItem(atPath: shared) }
            try write("host's", to: FilePath(shared).appending("file"))
            try write("user's", to: bench.folder.appending("file"))
            let covered = ["-v", "\(bench.folder):\(shared)/below"]
            try await image.start(runtime + host + covered + ["--name", "shared"], "sleep", "1000")
            let read = ["exec", "shared", "cat", "\(shared)/file", "\(shared)/below/file"]
            #expect(try await image.berth(read).output() == "host'suser's")
            #expect(try await image.berth("exec", "shared", "readlink", "/proc/self/ns/ipc").output() == mine[0])
            let template = "{{.HostConfig.IpcMode}} {{.HostConfig.UTSMode}} {{len .Mounts}}"
            #expect(try await image.berth("inspect", "-f", template, "shared").output() == "host host 1")
            try await image.berth("rm", "-f", "shared").output()
        }
    }

    @Test("the filter keeps namespaces from being made; a profile of the user's own is followed, or none")
    func profiles() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let script = "unshare -U true 2>/dev/null && echo made; mkdir /tmp/x 2>/dev/null && echo folder; true"
            #expect(try await image.run([], "sh", "-c", script).text == "folder\n")
            let unconfined = ["--security-opt", "seccomp=unconfined"]
            #expect(try await image.run(unconfined, "sh", "-c", script).text == "made\nfolder\n")
            let profile = bench.folder.appending("profile.json")
            try write(
                """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
                """,
                to: profile
            )
            let own = ["--security-opt", "seccomp=\(profile)"]
            #expect(try await image.run(own, "sh", "-c", script).text == "made\n")
            try write("{}", to: profile)
            let refused = try await image.run(own, "true")
            #expect(refused.status == .exited(125))
            #expect(refused.errorText.contains("'defaultAction' is missing"))
        }
    }

    @Test("a filter stays with its container, in each start and each exec")
    func filterOfContainer() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            try await image.start(["--name", "kept"], "sleep", "100")
            let seccomp = ["grep", "Seccomp:", "/proc/self/status"]
            var inside = image.berth("exec", "kept")
            inside.arguments += seccomp
            #expect(try await inside.output() == "Seccomp:\t2")
            try await image.berth("stop", "-t", "0", "kept").output()
            // One that has lost it isn't run without.
            let containers = image.berth.root.appending("containers")
            let folder = try #require(try names(in: containers).first { $0.utf8.count == 64 })
            unlink(containers.appending(folder).appending("seccomp.bpf").string)
            let result = try await image.berth("start", "kept").run()
            #expect(result.status != .exited(0))
            #expect(result.errorText.contains("seccomp filter"))
            try await image.berth("rm", "kept").output()
        }
    }

    @Test("a set-user-ID program wins nothing, unless no-new-privileges is off", .needs("cc"))
    func newPrivileges() async throws {
        try await TestBench.use { bench in
            let program = try await ForeignProgram(on: bench, named: "winner").path
            let image = try await ImportedRoot(on: bench, script: "cp \(program) bin/; chmod 4755 bin/winner")
            #expect(try await image.run(["-u", "user"], "winner").text == "1000\n")
            let allowed = ["-u", "user", "--security-opt", "no-new-privileges=false"]
            #expect(try await image.run(allowed, "winner").text == "0\n")
        }
    }

    @Test("limits, settings, devices, groups, the score and an init are as the flags say, also in exec")
    func rest() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let options = [
                "--name", "many", "--init", "--ulimit", "nofile=321:654", "--sysctl", "net.ipv4.ip_forward=1",
                "--device",
                "/dev/zero:/dev/nothing", "--group-add", "4711", "--oom-score-adj", "333",
            ]
            try await image.start(options, "sleep", "100")
            let script = """
                ulimit -n; ulimit -Hn; cat /proc/sys/net/ipv4/ip_forward; head -c 2 /dev/nothing | wc -c; id -G
                cat /proc/self/oom_score_adj; cat /proc/1/comm
                """
            let text = try await image.berth("exec", "many", "sh", "-c", script).output()
            #expect(text == "321\n654\n1\n2\n0 4711\n333\nberth-init")
            try await image.berth("rm", "-f", "many").output()
        }
    }

    @Test("devices are used as far as --device says, also by exec")
    func deviceRights() async throws {
        try await TestBench.use { bench in try await Self.checkDevices(on: bench) { $0 } }
    }

    /// - Parameter seeing: what a command is run through.
    static func checkDevices(on bench: TestBench, _ seeing: (Command) -> Command) async throws {
        let image = try await ImportedRoot(on: bench)
        // One that no container has by itself, and that whoever has no capability may open.
        let device = bench.folder.appending("tun").string
        try await Command("mknod", "-m", "666", device, "c", "10", "200").output()
        let script = """
            (true < /dev/first && echo read; true > /dev/first && echo wrote; true <> /dev/first && echo both) 2> /dev/null
            echo x > /dev/null && head -c 1 /dev/zero | wc -c; mknod /tmp/made c 10 200 && echo made
            """
        for (rights, can) in [
            (":r", "read\n"), (":w", "wrote\n"), (":rw", "read\nwrote\nboth\n"), (":m", ""),
            ("", "read\nwrote\nboth\n"),
        ] {
            let options = ["--name", "box", "--network", "none", "--device", "\(device):/dev/first\(rights)"]
            let run = image.berth(["run", "-d"] + options + [image.name, "sleep", "1000"])
            try await seeing(run).output()
            let inside = image.berth("exec", "box", "sh", "-c", script)
            #expect(try await seeing(inside).run().text == can + "1\nmade\n", "\(rights)")
            try await seeing(image.berth("rm", "-f", "box")).output()
            let first = image.berth(["run", "--rm"] + options + [image.name, "sh", "-c", script])
            #expect(try await seeing(first).run().text == can + "1\nmade\n", "\(rights)")
        }
    }

    @Test(
        "what can't be is told of before anything runs",
        arguments: [
            ["--cap-add", "FLY"], ["--cap-drop", ""], ["--security-opt", "wrong"], ["--ulimit", "nofile"],
            ["--sysctl", "kernel.panic=1"], ["--device", "/etc/passwd"], ["--device", "zero"],
            ["--security-opt", "seccomp=/no/such/file"], ["--oom-score-adj", "2000"], ["--group-add", "nobody-here"],
            ["-v", "/a:/"], ["-v", "x:/y"], ["--mount", "type=bind,source=/no/such,target=/x"], ["--tmpfs", "x"],
            ["-v", "/tmp:/x", "--tmpfs", "/x"], ["--shm-size", "many"], ["-v", "/tmp:/proc/x"],
        ]
    )
    func refused(flags: [String]) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let result = try await image.run(flags, "touch", "/never")
            #expect(result.status == .exited(125), "\(flags)")
            #expect(result.errorText.hasPrefix("berth: "), "\(result.errorText)")
            #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
            #expect(try await image.berth("ps", "-aq").output() == "")
        }
    }
}
