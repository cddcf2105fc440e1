import Glibc
import SystemPackage
import Testing

@Suite(
    "The life of containers of an OCI runtime",
    .needs("skopeo", "umoci", "busybox", "runc", "crun", root: true),
    .timeLimit(.minutes(5))
)
struct RuntimeLifeTests {
    @Test(
        "they run on their own, take programs by exec, are stopped, started again with their files, and leave nothing",
        arguments: ContainerRuntime.allCases
    )
    func wholeLife(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let script =
                "echo start >> /count; cat /count; trap 'echo asked; exit 3' TERM; while :; do sleep 0.05; done"
            let id = try await busybox.start(
                ["--name", "web", "-e", "FROM=run", "--pids-limit", "50"],
                "sh",
                "-c",
                script
            )
            try await logs(of: "web", contain: "start", busybox)
            #expect(try await busybox.list("{{.Names}} {{.State}}") == ["web running"])
            #expect(try await busybox.berth("inspect", "-f", "{{.HostConfig.Runtime}}", "web").output() == "\(runtime)")

            let exec = busybox.berth("exec", "-u", "user", "-e", "OWN=1", "web", "sh", "-c", "id -u; echo $FROM $OWN")
            #expect(try await exec.output() == "1000\nrun 1")
            let failing = busybox.berth("exec", "web", "sh", "-c", "echo err >&2; exit 9")
            #expect(try await failing.run().status == .exited(9))
            #expect(try await failing.run().errorText == "err\n")
            var cat = busybox.berth("exec", "-i", "web", "cat")
            cat.input = .bytes(Array("through".utf8))
            #expect(try await cat.output() == "through")
            #expect(try await busybox.berth("exec", "web", "nosuch").run().status == .exited(127))
            #expect(try await busybox.berth("exec", "web", "/etc/passwd").run().status == .exited(126))
            // One that is left behind, and ends only with the container.
            try await busybox.berth("exec", "-d", "web", "sleep", "4251").output()
            #expect(try await busybox.berth("top", "web").output().contains("sleep 4251"))
            try await busybox.berth("pause", "web").output()
            #expect(try await busybox.list("{{.State}}") == ["paused"])
            try await busybox.berth("unpause", "web").output()

            let clock = ContinuousClock()
            let duration = try await clock.measure { try await busybox.berth("stop", "web").output() }
            #expect(duration < .seconds(8))
            #expect(try await busybox.list("{{.State}} {{.Status}}")[0].hasPrefix("exited Exited (3) "))
            try await busybox.berth("start", "web").output()
            try await logs(of: "web", contain: "start\nasked\nstart\nstart", busybox)
            try await busybox.berth("rm", "-f", "web").output()
            #expect(try await busybox.list("{{.ID}}").isEmpty)
            #expect(try await busybox.traces(of: id) == "")
            #expect(try await Command("pgrep", "-f", "^sleep 4251").run().status == .exited(1))
            #expect(try ContainerMonitor.all(below: bench.folder).isEmpty)
        }
    }

    private func logs(of container: String, contain text: String, _ busybox: RuntimeBusybox) async throws {
        let found = try await poll(within: .seconds(10)) {
            try await busybox.berth("logs", container).output() == text ? true : nil
        }
        let shown = try await busybox.berth("logs", container).output()
        #expect(found == true, "\(shown)")
    }

    @Test(
        "a shell is left by Ctrl-P Ctrl-Q, attached again, joined by exec -it, and knows its window's size",
        arguments: ContainerRuntime.allCases
    )
    func terminal(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            let first = try TerminalWindow(
                busybox.command(["-it", "--name", "shell"], ["sh"]),
                rows: 33,
                columns: 101
            )
            try await first.see("#")
            first.type("stty size; tty\r")
            try await first.see("33 101\r\n")
            try await first.see("/dev/pts/0\r\n")
            first.type("VALUE=kept\r")
            try await first.see("#")
            first.type("\u{10}\u{11}")
            #expect(try await first.status() == .exited(0))

            let second = try TerminalWindow(busybox.berth("attach", "shell"), rows: 20, columns: 70)
            second.type("echo value:$VALUE; stty size\r")
            try await second.see("value:kept\r\n")
            try await second.see("20 70\r\n")
            let beside = try TerminalWindow(busybox.berth("exec", "-it", "shell", "sh"), rows: 21, columns: 71)
            try await beside.see("#")
            beside.type("stty size; echo $TERM\r")
            try await beside.see("21 71\r\nxterm\r\n")
            beside.type("sleep 1000\r")
            try await beside.see("sleep 1000\r\n")
            try await Task.sleep(for: .milliseconds(200))
            beside.type("\u{3}")
            beside.type("echo status:$?\r")
            try await beside.see("status:130\r\n")
            beside.type("exit 5\r")
            #expect(try await beside.status() == .exited(5))
            second.type("exit 6\r")
            #expect(try await second.status() == .exited(6))
            #expect(try await busybox.list("{{.State}}") == ["exited"])
        }
    }

    @Test("the restart policy brings them back", arguments: ContainerRuntime.allCases)
    func restarts(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            try await busybox.start(["--name", "again", "--restart", "on-failure:2"], "sh", "-c", "echo up; exit 4")
            #expect(try await busybox.berth("wait", "again").output() == "4")
            #expect(try await busybox.berth("logs", "again").output() == "up\nup\nup")
            #expect(try await busybox.berth("inspect", "-f", "{{.RestartCount}}", "again").output() == "2")
        }
    }

    @Test(
        "when their monitor is killed while they run, the next command ends them and leaves nothing",
        arguments: ContainerRuntime.allCases
    )
    func killedMonitors(_ runtime: ContainerRuntime) async throws {
        try await TestBench.use { bench in
            let busybox = try await RuntimeBusybox(runtime, on: bench)
            for round in 0..<3 {
                let run = try bench.start(
                    busybox.command(["--name", "victim"], ["sh", "-c", "trap '' TERM; sleep 4252 & sleep 4252"])
                )
                let isRunning = try await poll(within: .seconds(10)) {
                    try await busybox.list("{{.State}}") == ["running"] ? true : nil
                }
                #expect(isRunning == true)
                for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
                let result = try await run.result(within: .seconds(15))
                #expect(result.status != .exited(0), "round \(round)")
                let id = try await busybox.berth("ps", "-aq", "--no-trunc").output()
                #expect(id.utf8.count == 64)
                let states = try await busybox.list("{{.State}}")
                #expect(states == ["exited"], "round \(round): \(states)")
                #expect(try await Command("pgrep", "-f", "sleep 4252").run().text == "", "round \(round)")
                try await busybox.berth("rm", "victim").output()
                #expect(try await busybox.traces(of: id) == "", "round \(round)")
            }
        }
    }
}
