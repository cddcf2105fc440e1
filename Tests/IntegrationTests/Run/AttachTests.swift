import Glibc
import SystemPackage
import Testing

@Suite("Attached terminals", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(3)))
struct AttachTests {
    private static let detachKeys = "\u{10}\u{11}"

    @Test("Ctrl-P Ctrl-Q leaves a shell running, and attach comes back to it; exit ends it")
    func detachAndAttach() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let first = try TerminalWindow(busybox.berth("run", "-it", "--name", "shell", busybox.name, "sh"))
            try await first.see("#")
            first.type("VALUE=kept; echo rea\"\"dy\r")
            try await first.see("ready\r\n")
            // The first of the keys alone is the container's own.
            first.type("\u{10}")
            first.type(Self.detachKeys)
            #expect(try await first.status() == .exited(0))
            #expect(try await busybox.list("{{.Names}} {{.State}}") == ["shell running"])

            let second = try TerminalWindow(busybox.berth("attach", "shell"))
            second.type("echo value:$VALUE\r")
            try await second.see("value:kept\r\n")
            // Two at a time see the same.
            let third = try TerminalWindow(busybox.berth("attach", "shell"))
            third.type("echo bo\"\"th\r")
            try await third.see("both\r\n")
            try await second.see("both\r\n")
            second.type("exit 6\r")
            #expect(try await second.status() == .exited(6))
            #expect(try await third.status() == .exited(6))
            #expect(try await busybox.list("{{.Names}} {{.State}}") == ["shell exited"])
            #expect(try await busybox.berth("logs", "shell").output().contains("value:kept\r\n"))
        }
    }

    @Test("the window's size is the container's, and follows; Ctrl-C interrupts the program, Ctrl-D ends the shell")
    func sizeAndKeys() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let window = try TerminalWindow(
                busybox.berth("run", "-it", "--rm", busybox.name, "sh"),
                rows: 33,
                columns: 101
            )
            try await window.see("#")
            window.type("stty size\r")
            try await window.see("33 101\r\n")
            window.resize(rows: 20, columns: 70)
            let follows = try await poll(within: .seconds(10)) {
                window.type("stty size\r")
                return (try? await window.see("20 70\r\n", within: .milliseconds(300))).map { _ in true }
            }
            #expect(follows == true)
            window.type("sleep 1000\r")
            try await window.see("sleep 1000\r\n")
            try await Task.sleep(for: .milliseconds(200))
            window.type("\u{3}")
            window.type("echo status:$?\r")
            try await window.see("status:130\r\n")
            window.type("\u{4}")
            #expect(try await window.status() == .exited(0))
        }
    }

    @Test("other detach keys can be chosen, and start -ai takes a shell up again")
    func keysAndStart() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let window = try TerminalWindow(
                busybox.berth("run", "-it", "--name", "again", "--detach-keys", "ctrl-x,q", busybox.name, "sh")
            )
            try await window.see("#")
            window.type("\u{18}q")
            #expect(try await window.status() == .exited(0))
            try await busybox.berth("stop", "-t", "0", "again").output()
            let back = try TerminalWindow(busybox.berth("start", "-ai", "again"))
            try await back.see("#")
            back.type("exit 4\r")
            #expect(try await back.status() == .exited(4))
            #expect(try await busybox.run(["--detach-keys", "ctrl-"], "true").status == .exited(125))
        }
    }

    @Test("input that ends, ends the container's, but not that of one who attached later")
    func inputEnds() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["-i", "--name", "reader"], "sh", "-c", "while read line; do echo got $line; done")
            var attach = busybox.berth("attach", "reader")
            attach.input = .pipe
            let attached = try bench.start(attach)
            try attached.write(Array("one\n".utf8))
            _ = try await attached.line(after: "got one")
            try attached.closeInput()
            attached.send(signal: SIGKILL)
            #expect(try await busybox.list("{{.State}}") == ["running"])
            try await busybox.berth("rm", "-f", "reader").output()
        }
    }

    @Test("what nobody reads any more ends the program by SIGPIPE, as without a container")
    func brokenPipe() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.command([], ["yes"])
            let piped = Command("sh", "-c", "\(run.description) | head -n 1")
            #expect(try await piped.output() == "y")
            #expect(try ContainerMonitor.all(below: bench.folder).isEmpty)
        }
    }

    @Test("a stream of 256 MiB goes through a container without being held in memory")
    func flow() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.command(["-i"], ["cat"])
            let piped = Command("sh", "-c", "head -c 268435456 /dev/zero | \(run.description) | wc -c")
            #expect(try await piped.output() == "268435456")
        }
    }
}
