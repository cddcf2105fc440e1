import Glibc
import SystemPackage
import Testing

/// What other suites show for root, for an ordinary user: with users of the image's, and with root alone.
@Suite(
    "An ordinary user's containers",
    .needs("busybox", "setpriv", "unshare", "newuidmap", "newgidmap", root: true),
    .timeLimit(.minutes(4))
)
struct OrdinaryUserTests {
    private static let image = "test/users:1"

    @Test("run, and end as their programs do, with what the flags say", arguments: [true, false])
    func runs(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, _ in
            var run = berth(
                "run",
                "--rm",
                "-i",
                "-e",
                "A=1",
                "-w",
                "/tmp",
                "-h",
                "inside",
                "--tmpfs",
                "/run",
                "--read-only",
                "--init",
                Self.image,
                "sh",
                "-c",
                "cat; echo $A $(pwd) $(hostname) $$; touch /run/x; touch /x || exit 5"
            )
            run.input = .bytes(Array("in\n".utf8))
            let result = try await run.run()
            #expect(result.status == .exited(5))
            #expect(result.text == "in\n1 /tmp inside 2\n")
            #expect(try await berth("run", "--rm", Self.image, "no-such").run().status == .exited(127))
            #expect(try await berth("run", "--rm", Self.image, "/etc/passwd").run().status == .exited(126))
        }
    }

    @Test("are used at terminals: left, attached to, entered by exec", arguments: [true, false])
    func terminals(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, _ in
            let first = try TerminalWindow(
                berth("run", "-it", "--name", "shell", Self.image, "sh"),
                rows: 33,
                columns: 101
            )
            try await first.see("#")
            first.type("stty size; VALUE=kept\r")
            try await first.see("33 101\r\n")
            first.type("\u{10}\u{11}")
            #expect(try await first.status() == .exited(0))
            let second = try TerminalWindow(berth("exec", "-it", "shell", "sh"))
            try await second.see("#")
            second.type("test -t 0 && echo te\"\"rminal; exit 4\r")
            try await second.see("terminal\r\n")
            #expect(try await second.status() == .exited(4))
            let third = try TerminalWindow(berth("attach", "shell"))
            third.type("echo value:$VALUE; exit 6\r")
            try await third.see("value:kept\r\n")
            #expect(try await third.status() == .exited(6))
            try await berth("rm", "shell").output()
        }
    }

    @Test("live on their own: logs, exec, top, stop, start, restart, wait, rename, rm", arguments: [true, false])
    func life(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, _ in
            let script =
                "trap 'echo asked; exit 3' TERM; echo up; echo err >&2; echo x >> /kept; while :; do sleep 0.1; done"
            try await berth("run", "-d", "--name", "box", "--label", "a=b", Self.image, "sh", "-c", script).output()
            try await SubordinateUserTests.wait(for: "up", in: "box", berth)
            #expect(
                try await berth("exec", "-e", "B=2", "-w", "/etc", "box", "sh", "-c", "echo $B $(pwd)").output()
                    == "2 /etc"
            )
            #expect(try await berth("exec", "box", "sh", "-c", "exit 9").run().status == .exited(9))
            #expect(try await berth("top", "box").output().contains("trap"))
            #expect(try await berth("inspect", "--format", "{{.State.Status}}", "box").output() == "running")
            try await berth("stop", "box").output()
            #expect(try await berth("ps", "-a", "--format", "{{.Names}} {{.State}}").output() == "box exited")
            #expect(try await berth("wait", "box").output() == "3")
            try await berth("start", "box").output()
            try await berth("restart", "-t", "5", "box").output()
            try await berth("rename", "box", "other").output()
            #expect(try await berth("exec", "other", "cat", "/kept").output().split(separator: "\n").count == 3)
            let logs = try await berth("logs", "other").run()
            #expect(logs.text.contains("asked") && logs.errorText.contains("err"))
            try await berth("kill", "other").output()
            try await berth("rm", "other").output()
        }
    }

    @Test("have files: cp, diff, commit, export and volumes", arguments: [true, false])
    func files(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, _ in
            let script = "echo data > /v/f; mkdir /made; echo well > /made/f; rm -r /var/www; sleep 1000"
            try await berth("run", "-d", "--name", "box", "-v", "vol:/v", Self.image, "sh", "-c", script).output()
            let diff = try await poll(within: .seconds(10)) {
                let diff = try await berth("diff", "box").output()
                return diff.contains("D /var/www") ? diff : nil
            }
            #expect(diff?.contains("A /made/f") == true)
            try await berth("cp", "box:/made/f", "\(berth.home)/f").output()
            try await berth("cp", "\(berth.home)/f", "box:/made/copy").output()
            #expect(try await berth("exec", "box", "cat", "/made/copy").output() == "well")
            // It can't be held where no control groups are delegated, and its user is told.
            try await berth("commit", "box", "test/made:1").output()
            #expect(
                try await berth("run", "--rm", "-v", "vol:/v:ro", "test/made:1", "cat", "/made/copy", "/v/f").output()
                    == "well\ndata"
            )
            #expect(try await berth("run", "--rm", "test/made:1", "ls", "/var/www").run().status == .exited(1))
            #expect(try await berth("volume", "rm", "vol").run().status == .exited(1))
            try await berth("export", "-o", "\(berth.home)/tar", "box").output()
            #expect(try await Command("tar", "-tf", "\(berth.home)/tar").output().contains("made/copy"))
            try await berth("rm", "-f", "box").output()
            try await berth("volume", "rm", "vol").output()
        }
    }

    @Test("are restarted, and looked after; limits that can't hold are told of in one line", arguments: [true, false])
    func care(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, _ in
            try await berth("run", "-d", "--name", "box", "--restart", "on-failure:2", Self.image, "sh", "-c", "exit 3")
                .output()
            let restarts = try await poll(within: .seconds(20)) {
                try await berth("inspect", "--format", "{{.State.Status}} {{.RestartCount}}", "box").output()
                    == "exited 2"
                    ? true : nil
            }
            #expect(restarts == true)
            try await berth(
                "run",
                "-d",
                "--name",
                "well",
                "--health-cmd",
                "test -e /ok",
                "--health-interval",
                "1s",
                "--health-retries",
                "1",
                Self.image,
                "sh",
                "-c",
                "sleep 1; touch /ok; sleep 1000"
            ).output()
            let health = try await poll(within: .seconds(30)) {
                try await berth("inspect", "--format", "{{.State.Health.Status}}", "well").output() == "healthy"
                    ? true : nil
            }
            #expect(health == true)
            let limited = try await berth("run", "--rm", "-m", "64m", "--pids-limit", "100", Self.image, "echo", "runs")
                .run()
            #expect(limited.text == "runs\n")
            let warnings = limited.errorText.split(separator: "\n").filter { $0.contains("limits don't hold") }
            #expect(warnings.count == 1, "\(limited.errorText)")
            try await berth("rm", "-f", "well", "box").output()
        }
    }

    @Test(
        "end with their monitors when those are killed, and leave nothing once they are removed",
        arguments: [true, false]
    )
    func kills(hasSubordinates: Bool) async throws {
        try await Self.use(hasSubordinates) { berth, bench in
            try await berth("run", "-d", "--name", "box", Self.image, "sleep", "4247").output()
            try await berth("run", "-d", "--rm", "--name", "gone", Self.image, "sleep", "4247").output()
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let state = try await poll(within: .seconds(10)) {
                let states = try await berth("ps", "-a", "--format", "{{.Names}} {{.State}}").output()
                return states == "box exited" ? true : nil
            }
            #expect(state == true)
            #expect(try await berth("start", "box").output() == "box")
            try await berth("rm", "-f", "box").output()
            let isQuiet = try await poll(within: .seconds(10)) {
                try await Command("pgrep", "-f", "^sleep 4247").run().status == .exited(1) ? true : nil
            }
            #expect(isQuiet == true)
        }
    }

    /// Gives an ordinary user with an image to `body`, after which no container is to be left.
    private static func use(
        _ hasSubordinates: Bool,
        _ body: @Sendable (OrdinaryUser, TestBench) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: hasSubordinates)
            try await berth.importImage(image)
            try await body(berth, bench)
            let left = try await Command(
                "sh",
                "-c",
                "cd \(berth.root); ls -A containers containers/by-name tmp; ls -A volumes 2>/dev/null; true"
            ).output()
            #expect(left == "containers:\nby-name\n\ncontainers/by-name:\n\ntmp:")
        }
    }
}
