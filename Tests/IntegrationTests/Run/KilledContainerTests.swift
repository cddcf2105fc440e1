import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("Killed monitors and clients", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(30)))
struct KilledContainerTests {
    @Test("at random instants lose no container from ps, and leave nothing once the containers are removed")
    func randomKills() async throws {
        for seed in KillRounds.groups(of: 10) { try await randomKills(seed: seed) }
    }

    private func randomKills(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let plans = (0..<10).map { _ in
            (
                delay: Int.random(in: 0...120, using: &generator),
                target: Target.allCases.randomElement(using: &generator)
            )
        }
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let before = try await Self.traces(of: bench)
            for (round, plan) in plans.enumerated() {
                let name = "round-\(round)"
                let script = "echo up; sleep 4246 & sleep 4246"
                let options = round % 3 == 0 ? ["--rm"] : []
                let running = try bench.start(
                    busybox.berth(["run", "--name", name] + options + [busybox.name, "sh", "-c", script])
                )
                try await Task.sleep(for: .milliseconds(plan.delay))
                // As it happens to be: not made yet, half made, starting, or running.
                switch plan.target {
                case .client, nil: running.send(signal: SIGKILL)
                case .monitor: for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
                case .both:
                    running.send(signal: SIGKILL)
                    for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
                }
                try await Self.check(name, after: running, busybox)
            }
            let monitors = try ContainerMonitor.all(below: bench.folder)
            #expect(monitors.isEmpty)
            let after = try await Self.traces(of: bench)
            #expect(after == before)
            #expect(try names(in: busybox.berth.root.appending("containers")) == ["by-name"])
            #expect(try names(in: busybox.berth.root.appending("containers/by-name")).isEmpty)
        }
    }

    @Test("leave no control group behind, though their store was deleted, once another one's berth looks")
    func deletedStore() async throws {
        try await TestBench.use { bench in
            let deleted = try await ImportedRoot(on: bench)
            let id = try await deleted.berth("run", "-d", "--network", "none", deleted.name, "sleep", "4246").output()
            let search = Command("find", "/sys/fs/cgroup", "-type", "d", "-name", id)
            #expect(try await search.run().text.contains(id))
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let isQuiet = try await poll(within: .seconds(10)) {
                try await Command("pgrep", "-f", "^sleep 4246").run().status == .exited(1) ? true : nil
            }
            #expect(isQuiet == true)
            try await Command("rm", "-rf", deleted.berth.root.string).output()
            let other = try Berth(on: bench, root: "other")
            let isGone = try await poll(within: .seconds(20)) {
                try await other("ps").output()
                return try await search.run().text.isEmpty ? true : nil
            }
            #expect(isGone == true)
        }
    }

    @Test("let a container go on that commit held, and hold one that somebody else paused", arguments: [false, true])
    func killedCommit(isPausedBefore: Bool) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let script = "dd if=/dev/urandom of=/large bs=1M count=100 2> /dev/null; echo ready; sleep 1000"
            try await image.start(["--name", "box", "--network", "none"], "sh", "-c", script)
            let isReady = try await poll(within: .seconds(60)) {
                try await image.berth("logs", "box").output() == "ready" ? true : nil
            }
            #expect(isReady == true)
            @Sendable func becomes(_ status: String) async throws {
                let isSo = try await poll(within: .seconds(10)) {
                    let shown = try await image.berth("inspect", "--format", "{{.State.Status}}", "box").output()
                    return shown == status ? true : nil
                }
                #expect(isSo == true, "\(status)")
            }
            if isPausedBefore { try await image.berth("pause", "box").output() }
            let commit = try bench.start(image.berth("commit", "box", "test/never:1"))
            if isPausedBefore { try await Task.sleep(for: .milliseconds(300)) }
            try await becomes("paused")
            commit.send(signal: SIGKILL)
            _ = try await commit.result(within: .seconds(10))
            try await becomes(isPausedBefore ? "paused" : "running")
            if isPausedBefore { try await image.berth("unpause", "box").output() }
            #expect(try await image.berth("exec", "box", "echo", "on").output() == "on")
            // One that isn't killed lets it go on as well.
            try await image.berth("commit", "box", "test/made:1").output()
            #expect(try await image.berth("exec", "box", "echo", "on").output() == "on")
            try await image.berth("rm", "-f", "box").output()
        }
    }

    private enum Target: CaseIterable {
        case client, monitor, both
    }

    /// Whatever was killed: the container is listed with a state that holds, and can be removed; or was never there.
    private static func check(_ name: String, after running: RunningCommand, _ busybox: LocalBusybox) async throws {
        // A client that was not killed goes on until its container ends.
        if running.status == nil { try await Task.sleep(for: .milliseconds(50)) }
        let states = try await busybox.list("{{.State}}", "--filter", "name=\(name)")
        #expect(states.count <= 1)
        if states == ["running"] {
            let isAnswering = try await poll(within: .seconds(5)) {
                let answer = try await busybox.berth("exec", name, "echo", "alive").run()
                let hasEnded = try await busybox.list("{{.State}}", "--filter", "name=\(name)") != ["running"]
                return answer.text == "alive\n" || hasEnded ? true : nil
            }
            #expect(isAnswering == true)
        }
        // The client may be about to make it only now.
        let isGone = try await poll(within: .seconds(10)) {
            running.send(signal: SIGKILL)
            _ = try await busybox.berth("rm", "-f", name).run()
            return try await busybox.list("{{.ID}}").isEmpty ? true : nil
        }
        #expect(isGone == true)
        let isQuiet = try await poll(within: .seconds(10)) {
            try await Command("pgrep", "-f", "^sleep 4246").run().status == .exited(1) ? true : nil
        }
        #expect(isQuiet == true)
    }

    /// What containers have outside of their folders.
    private static func traces(of bench: TestBench) async throws -> [String] {
        let mounts = String(decoding: try contents(ofFileAt: "/proc/self/mountinfo"), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains(bench.folder.string) }.map(String.init)
        // Those that nothing is in: others may run containers meanwhile.
        let script = """
            for group in /sys/fs/cgroup/*/berth/* /sys/fs/cgroup/berth/*; do
                [ -d "$group" ] && [ -z "$(cat "$group/cgroup.procs")" ] && echo "$group"
            done; true
            """
        return mounts + [try await Command("sh", "-c", script).output()]
    }
}
