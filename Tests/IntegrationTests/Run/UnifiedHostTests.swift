import SystemPackage
import Testing

@Suite(
    "Containers on a host with control groups of version 2 only",
    .needs("busybox", root: true),
    .timeLimit(.minutes(3))
)
struct UnifiedHostTests {
    @Test("have a group of their own, which exec joins, which is held and let go, and which goes with them")
    func life() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            func berth(_ arguments: String...) async throws -> String {
                try await UnifiedHost.seeing(image.berth(arguments)).output()
            }
            func group(_ id: String, _ file: String) async throws -> String {
                try await UnifiedHost.seeing(Command("cat", "/sys/fs/cgroup/berth/\(id)/\(file)")).output()
            }
            let id = try await berth("run", "-d", "--network", "none", "--name", "box", image.name, "sleep", "1000")
            let first = try await berth("inspect", "--format", "{{.State.Pid}}", "box")
            #expect(try await group(id, "cgroup.procs") == first)
            let inside = "grep ^0 /proc/self/cgroup; grep -c cgroup2 /proc/mounts"
            #expect(try await berth("exec", "box", "sh", "-c", inside) == "0::/\n1")
            #expect(try await berth("top", "box").contains("sleep 1000"))
            #expect(try await berth("stats", "--no-stream", "--format", "{{.PIDs}}", "box") == "1")

            _ = try await berth("pause", "box")
            #expect(try await group(id, "cgroup.events").contains("frozen 1"))
            _ = try await berth("unpause", "box")
            #expect(try await group(id, "cgroup.events").contains("frozen 0"))
            _ = try await berth("commit", "box", "test/committed:1")
            #expect(try await group(id, "cgroup.events").contains("frozen 0"))
            _ = try await berth("pause", "box")
            _ = try await berth("rm", "-f", "box")
            let left = Command("find", "/sys/fs/cgroup", "-type", "d", "-name", id)
            #expect(try await UnifiedHost.seeing(left).output() == "")
        }
    }

    @Test("are limited by the controllers that there are; a limit by another is refused in a line")
    func limits() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let there = try await UnifiedHost.controllers()
            for (controller, options, file, value) in [
                ("memory", ["-m", "64m"], "memory.max", "67108864"),
                ("pids", ["--pids-limit", "50"], "pids.max", "50"),
                ("cpu", ["--cpus", "0.5"], "cpu.max", "50000 100000"),
                ("cpu", ["--cpu-period", "50000"], "cpu.max", "max 50000"),
            ] {
                let arguments = ["run", "-d", "--rm", "--network", "none"] + options + [image.name, "sleep", "1000"]
                let result = try await UnifiedHost.seeing(image.berth(arguments)).run()
                guard there.contains(Substring(controller)) else {
                    print("SKIPPED a part of a test: version 1 has the controller \(controller) here")
                    #expect(result.status == .exited(125))
                    #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
                    continue
                }
                let id = String(result.text.prefix(64))
                let limit = Command("cat", "/sys/fs/cgroup/berth/\(id)/\(file)")
                #expect(try await UnifiedHost.seeing(limit).output() == value)
                try await UnifiedHost.seeing(image.berth("rm", "-f", id)).output()
            }
            #expect(try await image.berth("ps", "-aq").output() == "")
        }
    }

    @Test("let devices be used as far as --device says")
    func devices() async throws {
        try await TestBench.use { bench in
            try await IsolationFlagTests.checkDevices(on: bench) { UnifiedHost.seeing($0) }
        }
    }
}
