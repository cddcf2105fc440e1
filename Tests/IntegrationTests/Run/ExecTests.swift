import Glibc
import SystemPackage
import Testing

@Suite("berth exec", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(3)))
struct ExecTests {
    @Test("runs a program in the container's namespaces, with its variables, folder and user")
    func inside() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = ["--name", "host", "-h", "inner", "-e", "FROM=run", "-w", "/tmp", "-u", "7:8"]
            try await busybox.start(options, "sh", "-c", "echo mine > /tmp/file; sleep 100")
            let script =
                "hostname; pwd; echo $FROM $OWN; cat file; id -u; id -g; for n in pid mnt net uts ipc; do readlink /proc/self/ns/$n; readlink /proc/1/ns/$n; done"
            let result = try await busybox.berth("exec", "-e", "OWN=exec", "host", "sh", "-c", script).output()
            let lines = result.split(separator: "\n").map(String.init)
            #expect(Array(lines.prefix(6)) == ["inner", "/tmp", "run exec", "mine", "7", "8"], "\(result)")
            #expect(lines.count == 16)
            for pair in stride(from: 6, to: lines.count - 1, by: 2) { #expect(lines[pair] == lines[pair + 1]) }
            let other = busybox.berth("exec", "-u", "0", "-w", "/", "host", "sh", "-c", "id -u; pwd")
            #expect(try await other.output() == "0\n/")
            try await busybox.berth("rm", "-f", "host").output()
        }
    }

    @Test("passes streams and exit statuses on, and tells a program that isn't there from one that can't be executed")
    func statuses() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "host"], "sleep", "100")
            let both = try await busybox.berth("exec", "host", "sh", "-c", "echo out; echo err >&2; exit 9").run()
            #expect(both.status == .exited(9))
            #expect(both.text == "out\n")
            #expect(both.errorText == "err\n")
            var cat = busybox.berth("exec", "-i", "host", "cat")
            cat.input = .bytes(Array("through".utf8))
            #expect(try await cat.output() == "through")
            #expect(try await busybox.berth("exec", "host", "sh", "-c", "kill -TERM $$").run().status == .exited(143))
            #expect(try await busybox.berth("exec", "host", "no-such-program").run().status == .exited(127))
            #expect(try await busybox.berth("exec", "host", "/etc/passwd").run().status == .exited(126))
            let stopped = try await busybox.berth("exec", "-u", "nobody-here", "host", "true").run()
            #expect(stopped.status == .exited(126))
            try await busybox.berth("stop", "-t", "0", "host").output()
            let late = try await busybox.berth("exec", "host", "true").run()
            #expect(late.status == .exited(1))
            #expect(late.errorText.contains("is not running"))
        }
    }

    @Test("-it is a second session whose exit leaves the container running; -d runs on its own")
    func sessions() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "host"], "sleep", "100")
            let window = try TerminalWindow(busybox.berth("exec", "-it", "host", "sh"), rows: 31, columns: 99)
            try await window.see("#")
            window.type("tty; stty size\r")
            try await window.see("/dev/pts/")
            try await window.see("31 99\r\n")
            window.type("exit 3\r")
            #expect(try await window.status() == .exited(3))
            #expect(try await busybox.list("{{.State}}") == ["running"])

            try await busybox.berth("exec", "-d", "host", "sh", "-c", "sleep 0.3; echo done > /done").output()
            let isDone = try await poll(within: .seconds(10)) {
                try await busybox.berth("exec", "host", "cat", "/done").run().text == "done\n" ? true : nil
            }
            #expect(isDone == true)
            // One that goes on in the background keeps nobody waiting.
            let background = busybox.berth("exec", "host", "sh", "-c", "sleep 50 & echo left")
            #expect(try await background.output() == "left")
            try await busybox.berth("rm", "-f", "host").output()
        }
    }

    @Test("ends with the container")
    func endsWithContainer() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "host"], "sleep", "100")
            let running = try bench.start(busybox.berth("exec", "host", "sh", "-c", "echo up; sleep 100"))
            _ = try await running.line(after: "up")
            try await busybox.berth("kill", "host").output()
            #expect(try await running.result(within: .seconds(10)).status == .exited(137))
        }
    }
}
