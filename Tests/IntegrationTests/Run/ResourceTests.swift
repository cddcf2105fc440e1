import Glibc
import SystemPackage
import Testing

@Suite("Limits and health", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(3)))
struct ResourceTests {
    @Test("a fork bomb is held by the pids limit, and a memory hog is ended by the memory limit")
    func bombs() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let bomb = "i=0; while [ $i -lt 100 ]; do sleep 5 & i=$((i+1)); done; echo survived"
            let held = try await busybox.run(["--pids-limit", "20"], "sh", "-c", bomb)
            #expect(held.errorText.contains("can't fork"))
            #expect(!held.text.contains("survived"))

            let hog = busybox.berth("run", "--name", "hog", "-m", "16m", busybox.name, "tail", "/dev/zero")
            #expect(try await hog.run().status == .exited(137))
            #expect(try await busybox.inspect("hog", "{{.State.OOMKilled}} {{.HostConfig.Memory}}") == "true 16777216")
            #expect(try await busybox.run(["-m", "1k"], "true").status == .exited(125))
            #expect(try await busybox.run(["--cpus", "many"], "true").status == .exited(125))
        }
    }

    @Test("processor time is limited, and stats and top show what is used")
    func processors() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = ["--name", "busy", "--cpus", "0.3", "-m", "64m", "--cpuset-cpus", "0"]
            let id = try await busybox.start(options, "sh", "-c", "while :; do :; done")
            let template = "{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDs}}"
            let line = try await busybox.berth("stats", "--no-stream", "--format", template).output()
            let words = line.split(separator: " ")
            #expect(words[0] == "busy")
            let percent = try #require(Double(words[1].dropLast()))
            #expect(percent > 5 && percent < 45, "\(line)")
            #expect(line.hasSuffix("/ 64MiB 1"), "\(line)")
            #expect(
                try await busybox.berth("exec", "busy", "grep", "Cpus_allowed_list", "/proc/self/status").output()
                    .hasSuffix("\t0")
            )
            let top = try await busybox.berth("top", "busy").output().split(separator: "\n")
            #expect(top[0].hasPrefix("UID"))
            #expect(top.count == 2)
            #expect(top[1].hasPrefix("root") && top[1].hasSuffix("sh -c while :; do :; done"))
            try await busybox.berth("rm", "-f", "busy").output()
            let left = try await Command("sh", "-c", "find /sys/fs/cgroup -path '*/berth/\(id)' -type d").output()
            #expect(left == "")
        }
    }

    @Test("limits that few want reach the control groups of version 1, too")
    func rareLimits() async throws {
        guard access("/sys/fs/cgroup/memory/memory.swappiness", F_OK) == 0 else {
            return print("SKIPPED a test: control groups of version 2 have no such limits")
        }
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = [
                "--cpu-quota", "25000", "--cpu-period", "50000", "--memory-swappiness", "10", "--oom-kill-disable",
                "-m",
                "64m",
            ]
            let files = [
                "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "memory/memory.swappiness",
                "memory/memory.oom_control",
            ]
            let show = ["cat"] + files.map { "/sys/fs/cgroup/\($0)" }
            let result = try await busybox.berth(["run", "--name", "rare"] + options + [busybox.name] + show).run()
            #expect(result.text == "25000\n50000\n10\noom_kill_disable 1\nunder_oom 0\noom_kill 0\n", "\(result)")
            let fields = ["CpuQuota", "CpuPeriod", "MemorySwappiness", "OomKillDisable"]
            let template = fields.map { "{{.HostConfig.\($0)}}" }.joined(separator: " ")
            #expect(try await busybox.inspect("rare", template) == "25000 50000 10 true")
        }
    }

    @Test("a paused container stands still until it is unpaused, and can be stopped all the same")
    func pause() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.02; done"
            try await busybox.start(["--name", "ticks", "--stop-timeout", "1"], "sh", "-c", script)
            #expect(try await busybox.berth("pause", "ticks").output() == "ticks")
            #expect(try await busybox.list("{{.Status}}")[0].hasSuffix("(Paused)"))
            let first = try await busybox.berth("logs", "-n", "1", "ticks").output()
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await busybox.berth("logs", "-n", "1", "ticks").output() == first)
            for command in [["pause", "ticks"], ["exec", "ticks", "true"]] {
                #expect(try await busybox.berth(command).run().errorText.contains("is paused"), "\(command)")
            }
            try await busybox.berth("unpause", "ticks").output()
            let goesOn = try await poll(within: .seconds(10)) {
                try await busybox.berth("logs", "-n", "1", "ticks").output() != first ? true : nil
            }
            #expect(goesOn == true)
            #expect(try await busybox.berth("unpause", "ticks").run().errorText.contains("is not paused"))
            try await busybox.berth("pause", "ticks").output()
            try await busybox.berth("stop", "ticks").output()
            #expect(try await busybox.list("{{.State}}") == ["exited"])
            try await busybox.start(["--name", "held"], "sleep", "100")
            try await busybox.berth("pause", "held").output()
            try await busybox.berth("rm", "-f", "held").output()
        }
    }

    @Test("a container becomes healthy, unhealthy and healthy again as its check says")
    func health() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = [
                "--name", "checked", "--health-cmd", "echo looking; test ! -e /sick", "--health-interval", "100ms",
                "--health-retries", "2",
            ]
            try await busybox.start(options, "sleep", "100")
            func becomes(_ status: String) async throws {
                let isSo = try await poll(within: .seconds(15)) {
                    try await busybox.inspect("checked", "{{.State.Health.Status}}") == status ? true : nil
                }
                #expect(isSo == true, "\(status)")
            }
            try await becomes("healthy")
            #expect(try await busybox.list("{{.Status}}")[0].hasSuffix("(healthy)"))
            try await busybox.berth("exec", "checked", "touch", "/sick").output()
            try await becomes("unhealthy")
            #expect(try await busybox.inspect("checked", "{{json .State.Health.Log}}").contains("looking"))
            try await busybox.berth("exec", "checked", "rm", "/sick").output()
            try await becomes("healthy")
            try await busybox.berth("rm", "-f", "checked").output()

            // One that hangs is given up; one that can't be run has failed.
            let hangs = [
                "--name", "checked", "--health-timeout", "100ms", "--health-interval", "50ms", "--health-retries", "1",
            ]
            try await busybox.start(hangs + ["--health-cmd", "sleep 4247"], "sleep", "100")
            try await becomes("unhealthy")
            #expect(try await busybox.inspect("checked", "{{json .State.Health.Log}}").contains(#""ExitCode":-1"#))
            try await busybox.berth("rm", "-f", "checked").output()
        }
    }

    @Test("a container without a name gets one of two words, which no other has")
    func randomNames() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            for _ in 0..<5 { try await busybox.berth("create", busybox.name).output() }
            let names = try await busybox.list("{{.Names}}")
            #expect(Set(names).count == 5)
            #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z]+_[a-z]+/) != nil }, "\(names)")
        }
    }
}
