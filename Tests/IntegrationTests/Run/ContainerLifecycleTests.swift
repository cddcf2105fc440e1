import Glibc
import SystemPackage
import Testing

@Suite("Containers", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(5)))
struct ContainerLifecycleTests {
    @Test("a detached container runs on its own, is listed, stopped, started again with its files and log, and removed")
    func wholeLife() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script =
                "echo start >> /count; cat /count; trap 'echo asked; exit 3' TERM; while :; do sleep 0.05; done"
            let id = try await busybox.start(["--name", "web"], "sh", "-c", script)
            #expect(id.utf8.count == 64)
            try await logs(of: "web", contain: "start", busybox)
            #expect(try await busybox.list("{{.ID}} {{.Names}} {{.State}}") == ["\(id.prefix(12)) web running"])
            #expect(try await busybox.berth("ps", "-q", "--no-trunc").output() == "\(id)")
            // A running one is neither started twice nor removed.
            #expect(try await busybox.berth("start", "web").output() == "web")
            let refused = try await busybox.berth("rm", "web").run()
            #expect(refused.status == .exited(1))
            #expect(refused.errorText.contains("is running"))

            #expect(try await busybox.berth("stop", "web").output() == "web")
            #expect(try await busybox.list("{{.State}}") == ["exited"])
            #expect(try await busybox.list("{{.Status}}")[0].hasPrefix("Exited (3) "))
            #expect(try await busybox.berth("ps", "-q").output() == "")
            #expect(try await busybox.inspect("web", "{{.State.ExitCode}} {{.State.Running}}") == "3 false")

            try await busybox.berth("start", String(id.prefix(5))).output()
            try await logs(of: "web", contain: "start\nasked\nstart\nstart", busybox)
            #expect(try await busybox.berth("rm", "-f", "web").output() == "web")
            #expect(try await busybox.list("{{.ID}}").isEmpty)
            #expect(try names(in: busybox.berth.root.appending("containers")) == ["by-name"])
            #expect(try ContainerMonitor.all(below: bench.folder).isEmpty)
        }
    }

    private func logs(of container: String, contain text: String, _ busybox: LocalBusybox) async throws {
        let found = try await poll(within: .seconds(10)) {
            try await busybox.berth("logs", container).output() == text ? true : nil
        }
        let shown = try await busybox.berth("logs", container).output()
        #expect(found == true, "\(shown)")
    }

    @Test("one that doesn't end when asked is killed when its time is up; kill takes signals by name or number")
    func stopAndKill() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "deaf"], "sh", "-c", "trap '' TERM; while :; do sleep 0.05; done")
            let clock = ContinuousClock()
            let duration = try await clock.measure { try await busybox.berth("stop", "-t", "1", "deaf").output() }
            #expect(duration > .seconds(1) && duration < .seconds(5))
            #expect(try await busybox.inspect("deaf", "{{.State.ExitCode}}") == "137")

            let script = "trap 'echo usr1' USR1; trap 'echo hup' HUP; echo up; while :; do sleep 0.05; done"
            try await busybox.start(["--name", "listens"], "sh", "-c", script)
            try await logs(of: "listens", contain: "up", busybox)
            try await busybox.berth("kill", "-s", "SIGUSR1", "listens").output()
            try await logs(of: "listens", contain: "up\nusr1", busybox)
            try await busybox.berth("kill", "-s", "1", "listens").output()
            try await logs(of: "listens", contain: "up\nusr1\nhup", busybox)
            try await busybox.berth("kill", "listens").output()
            #expect(try await busybox.berth("wait", "listens").output() == "137")
            let gone = try await busybox.berth("kill", "listens").run()
            #expect(gone.status == .exited(1))
            #expect(gone.errorText.contains("is not running"))
            #expect(try await busybox.berth("kill", "-s", "NOSUCH", "listens").run().errorText.contains("not a signal"))
        }
    }

    @Test("berth that is killed leaves its container running, as docker's client does")
    func killedClient() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let running = try bench.start(
                busybox.berth(
                    "run",
                    "--name",
                    "on",
                    busybox.name,
                    "sh",
                    "-c",
                    "echo up; sleep 1; echo later; sleep 100"
                )
            )
            _ = try await running.line(after: "up")
            running.send(signal: SIGKILL)
            _ = try await running.result(within: .seconds(10))
            try await logs(of: "on", contain: "up\nlater", busybox)
            #expect(try await busybox.list("{{.Names}} {{.State}}") == ["on running"])
            try await busybox.berth("rm", "-f", "on").output()
        }
    }

    @Test("one whose monitor is killed is shown as ended, leaves no process or mount, and starts again")
    func killedMonitor() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "orphan"], "sh", "-c", "echo up; sleep 4245")
            try await busybox.start(["--name", "passing", "--rm"], "sleep", "4245")
            try await logs(of: "orphan", contain: "up", busybox)
            let monitors = try ContainerMonitor.all(below: bench.folder)
            #expect(monitors.count == 2)
            for monitor in monitors { kill(monitor, SIGKILL) }
            let isGone = try await poll(within: .seconds(10)) {
                try await Command("pgrep", "-f", "^sleep 4245").run().status == .exited(1) ? true : nil
            }
            #expect(isGone == true)
            #expect(try await busybox.list("{{.Names}} {{.State}}") == ["orphan exited"])
            #expect(try await busybox.inspect("orphan", "{{.State.ExitCode}}") == "137")
            #expect(try await busybox.berth("wait", "orphan").output() == "137")
            try await busybox.berth("start", "orphan").output()
            #expect(try await busybox.list("{{.State}}") == ["running"])
            try await busybox.berth("rm", "-f", "orphan").output()
            #expect(try names(in: busybox.berth.root.appending("containers")) == ["by-name"])
        }
    }

    @Test("a container is found by its name, its ID, or a beginning that no other has")
    func namesAndPrefixes() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            func create(_ name: String) async throws -> String {
                try await busybox.berth("create", "--name", name, busybox.name, "true").output()
            }
            let first = try await create("alpha-one")
            _ = try await create("alpha-two")
            #expect(try await busybox.inspect(String(first.prefix(12)), "{{.Name}}") == "/alpha-one")
            #expect(try await busybox.inspect("alpha-o", "{{.Id}}") == first)
            #expect(try await busybox.inspect("/alpha-one", "{{.Id}}") == first)
            let ambiguous = try await busybox.berth("start", "alpha").run()
            #expect(ambiguous.errorText.contains("more than one container"))
            let unknown = try await busybox.berth("start", "beta").run()
            #expect(unknown.status == .exited(1))
            #expect(unknown.errorText == "berth: no such container: beta\n")

            try await busybox.berth("rename", "alpha-one", "gamma").output()
            #expect(try await busybox.inspect("gamma", "{{.Id}}") == first)
            #expect(try await busybox.berth("rename", "gamma", "alpha-two").run().errorText.contains("in use"))
            #expect(try await create("alpha-one") != first)
        }
    }

    @Test("a restart policy starts a container again, as often as it says, until it is stopped")
    func restartPolicy() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "fails", "--restart", "on-failure:2"], "sh", "-c", "echo try; exit 4")
            #expect(try await busybox.berth("wait", "fails").output() == "4")
            #expect(try await busybox.berth("logs", "fails").output() == "try\ntry\ntry")
            #expect(try await busybox.inspect("fails", "{{.RestartCount}}") == "2")

            try await busybox.start(["--name", "ends", "--restart", "on-failure"], "sh", "-c", "echo once")
            #expect(try await busybox.berth("wait", "ends").output() == "0")
            #expect(try await busybox.berth("logs", "ends").output() == "once")

            try await busybox.start(["--name", "always", "--restart", "always"], "sh", "-c", "echo again; sleep 0.1")
            let isBack = try await poll(within: .seconds(20)) {
                try await busybox.berth("logs", "always").output().split(separator: "\n").count >= 3 ? true : nil
            }
            #expect(isBack == true)
            try await busybox.berth("stop", "-t", "1", "always").output()
            #expect(try await busybox.list("{{.State}}", "--filter", "name=always") == ["exited"])
            #expect(try await busybox.run(["--restart", "always"], "true").errorText.contains("exclude each other"))
            #expect(try await busybox.run(["--restart", "sometimes"], "true").status == .exited(125))
        }
    }

    @Test("start --at-boot starts what is to run always, but not what somebody had stopped unless it is always")
    func atBoot() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            for (name, policy) in [("a", "always"), ("b", "unless-stopped"), ("c", "no"), ("d", "unless-stopped")] {
                try await busybox.start(
                    ["--name", "\(name)-1", "--restart", policy, "--stop-timeout", "0"],
                    "sleep",
                    "100"
                )
            }
            try await busybox.berth("stop", "d-1", "a-1").output()
            // As a machine that goes down does.
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGTERM) }
            let allEnded = try await poll(within: .seconds(10)) {
                try ContainerMonitor.all(below: bench.folder).isEmpty ? true : nil
            }
            #expect(allEnded == true)
            try await busybox.berth("start", "--at-boot").output()
            let running = try await busybox.list("{{.Names}}", "--filter", "status=running")
            #expect(running.sorted() == ["a-1", "b-1"])
            try await busybox.berth("rm", "-f", "a-1", "b-1", "c-1", "d-1").output()
        }
    }

    @Test("what can't be started is told of with docker's status, and is there to be started again")
    func failedStart() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let result = try await busybox.berth("run", "-d", "--name", "no", busybox.name, "no-such-program").run()
            #expect(result.status == .exited(127))
            #expect(try await busybox.list("{{.Names}} {{.Status}}") == ["no Created"])
            #expect(try await busybox.inspect("no", "{{.State.ExitCode}}") == "127")
            #expect(try await busybox.inspect("no", "{{.State.Error}}").contains("no-such-program"))
            #expect(try await busybox.berth("start", "no").run().status != .exited(0))
            try await busybox.berth("rm", "no").output()
        }
    }

    @Test("lists filter by what docker's do, and print by template")
    func filters() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "blue", "-l", "color=blue"], "sleep", "100")
            _ = try await busybox.berth("run", "--name", "red", "-l", "color=red", busybox.name, "sh", "-c", "exit 5")
                .run()
            _ = try await busybox.berth("create", "--name", "made", busybox.name).output()
            for (filter, expected) in [
                ("label=color", ["red", "blue"]), ("label=color=blue", ["blue"]), ("status=exited", ["red"]),
                ("status=created", ["made"]), ("exited=5", ["red"]), ("name=e", ["made", "red", "blue"]),
                ("ancestor=\(busybox.name)", ["made", "red", "blue"]), ("before=red", ["blue"]),
                ("since=red", ["made"]),
            ] {
                #expect(try await busybox.list("{{.Names}}", "--filter", filter) == expected, "\(filter)")
            }
            #expect(try await busybox.berth("ps", "--latest", "-q").output().count == 12)
            #expect(try await busybox.berth("ps", "--filter", "nonsense=1").run().status == .exited(1))
            let table = try await busybox.berth("ps", "-a").output().split(separator: "\n")
            #expect(table[0].hasPrefix("CONTAINER ID   IMAGE"))
            #expect(table.count == 4)
            try await busybox.berth("rm", "-f", "blue", "red", "made").output()
        }
    }
}
