import Glibc
import SystemPackage
import Testing

@Suite("Container logs", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(3)))
struct ContainerLogTests {
    @Test("keep standard output and error apart, whatever the bytes")
    func streams() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script = #"echo out; echo err >&2; printf '\377\000\n'; printf 'no end'"#
            _ = try await busybox.berth("run", "--name", "both", busybox.name, "sh", "-c", script).run()
            let result = try await busybox.berth("logs", "both").run()
            #expect(result.standardOutput == Array("out\n".utf8) + [0xff, 0, 0x0a] + Array("no end".utf8))
            #expect(result.errorText == "err\n")
            let timed = try await busybox.berth("logs", "-t", "both").run().errorText
            #expect(timed.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z err\n/) != nil, "\(timed)")
        }
    }

    @Test("show the last lines, those of a time, and what comes while one follows until the end")
    func selections() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let script =
                "for i in 1 2 3 4 5; do echo line $i; done; sleep 1.5; for i in 6 7; do echo line $i; sleep 0.2; done"
            try await busybox.start(["--name", "lines"], "sh", "-c", script)
            let isThere = try await poll(within: .seconds(10)) {
                try await busybox.berth("logs", "lines").output().contains("line 5") ? true : nil
            }
            #expect(isThere == true)
            let followed = try await busybox.berth("logs", "-f", "-n", "2", "lines").output()
            #expect(followed == "line 4\nline 5\nline 6\nline 7")
            #expect(try await busybox.berth("logs", "--tail", "0", "lines").output() == "")
            #expect(try await busybox.berth("logs", "--tail", "3", "lines").output() == "line 5\nline 6\nline 7")
            let times = try await busybox.berth("logs", "-t", "lines").output().split(separator: "\n")
            let sixth = String(try #require(times.first { $0.hasSuffix("line 6") }).prefix(19)) + "Z"
            #expect(try await busybox.berth("logs", "--since", sixth, "lines").output() == "line 6\nline 7")
            #expect(try await busybox.berth("logs", "--until", sixth, "lines").output().hasSuffix("line 5"))
            #expect(try await busybox.berth("logs", "--since", "1h", "lines").output().hasPrefix("line 1\n"))
            #expect(try await busybox.berth("logs", "--since", "soon", "lines").run().errorText.contains("not a time"))
        }
    }

    @Test("are rotated by size, and one who follows misses nothing")
    func rotation() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = ["--log-opt", "max-size=64k", "--log-opt", "max-file=3"]
            // No faster than somebody can follow who may be kept waiting: what is put aside twice is gone.
            let script = """
                sleep 1; i=0
                while [ $i -lt 6000 ]; do echo number $i; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.05; done
                """
            let id = try await busybox.start(["--name", "much"] + options, "sh", "-c", script)
            let followed = try await busybox.berth("logs", "-f", "much").output()
            #expect(followed.utf8.elementsEqual((0..<6000).map { "number \($0)" }.joined(separator: "\n").utf8))

            let folder = busybox.berth.root.appending("containers/\(id)")
            let files = try IntegrationTests.names(in: folder).filter { $0.hasPrefix("log") }
            #expect(files.sorted() == ["log", "log.1", "log.2"])
            for file in files { #expect(try contents(ofFileAt: folder.appending(file)).count < 200 << 10) }
            // What is kept is the end.
            let kept = try await busybox.berth("logs", "much").output()
            #expect(kept.hasSuffix("number 5999"))
            #expect(kept.utf8.count < followed.utf8.count)
            #expect(try await busybox.berth("logs", "-n", "2", "much").output() == "number 5998\nnumber 5999")
        }
    }

    @Test("of driver none keep nothing")
    func none() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let run = busybox.berth("run", "--log-driver", "none", "--name", "silent", busybox.name, "echo", "seen")
            #expect(try await run.output() == "seen")
            #expect(try await busybox.berth("logs", "silent").output() == "")
        }
    }
}
