import Testing

/// What people and their scripts know from docker's client: flags with values, exit statuses, what formats may hold.
@Suite("Habits of docker's users", .timeLimit(.minutes(2)), .needs("busybox", root: true))
struct DockerHabitTests {
    private func withBusybox(_ body: @escaping @Sendable (LocalBusybox) async throws -> Void) async throws {
        try await TestBench.use { bench in try await body(try await LocalBusybox(on: bench)) }
    }

    @Test("flags take true and false; what follows the image is the program's")
    func booleans() async throws {
        try await withBusybox { busybox in
            let berth = busybox.berth
            let short = try await berth("images", "-q").output()
            let long = try await berth("images", "-q=true", "--no-trunc=true").output()
            #expect(long.contains(short) && long.count > short.count)
            #expect(try await berth("images", "-q", "--no-trunc=false").output() == short)
            let exact = try await berth("history", "--human=false", "--format", "{{.Size}}", busybox.name).output()
            let same = try await berth("history", "-H=false", "--format", "{{.Size}}", busybox.name).output()
            #expect(exact == same)
            #expect(Int(exact.split(separator: "\n").first ?? "") != nil)
            let words = try await berth(
                "run",
                "--rm=true",
                "--network",
                "none",
                busybox.name,
                "echo",
                "--rm=false",
                "-q=true"
            ).output()
            #expect(words == "--rm=false -q=true")
            let status = try await berth("images", "--quiet=perhaps").run().status
            #expect(status == .exited(125))
        }
    }

    @Test("too few or too many words end with 1, unknown flags with 125, as docker's do")
    func statuses() async throws {
        try await withBusybox { busybox in
            for words in [["rmi"], ["tag", "a", "b", "c"], ["images", "a", "b"], ["no-such-command"], ["run"]] {
                let status = try await busybox.berth(words).run().status
                #expect(status == .exited(1), "\(words)")
            }
            for words in [["images", "--no-such-flag"], ["run", "--no-such-flag", "x"]] {
                let status = try await busybox.berth(words).run().status
                #expect(status == .exited(125), "\(words)")
            }
            let status = try await busybox.berth("rmi", "-f", "no-such-image").run().status
            #expect(status == .exited(0))
            let unforced = try await busybox.berth("rmi", "no-such-image").run().status
            #expect(unforced == .exited(1))
        }
    }

    @Test("a format may hold printf")
    func printf() async throws {
        try await withBusybox { busybox in
            let text = try await busybox.berth(
                "inspect",
                "-f",
                #"{{printf "%s|%-6s|%4d|%%" .Os "a" 7}}"#,
                busybox.name
            ).output()
            #expect(text == "linux|a     |   7|%")
        }
    }

    @Test("ps knows docker's filters, and refuses states that there aren't")
    func filters() async throws {
        try await withBusybox { busybox in
            let berth = busybox.berth
            try await berth(
                "run",
                "-d",
                "--network",
                "none",
                "--name",
                "kept",
                "-v",
                "some:/data",
                busybox.name,
                "sleep",
                "100"
            ).output()
            for filter in ["volume=some", "volume=/data", "network=none", "health=none", "status=running"] {
                let names = try await berth("ps", "-f", filter, "--format", "{{.Names}}").output()
                #expect(names == "kept", "\(filter)")
            }
            for filter in ["volume=other", "network=host", "health=healthy", "status=exited"] {
                #expect(try await berth("ps", "-f", filter, "-q").output() == "", "\(filter)")
            }
            let status = try await berth("ps", "-f", "status=asleep").run().status
            #expect(status == .exited(1))
        }
    }

    @Test(
        "top takes ps's options, exec says of a missing working folder that it can't start there, names stay one's own"
    )
    func containers() async throws {
        try await withBusybox { busybox in
            let berth = busybox.berth
            try await berth(
                "run",
                "-d",
                "--network",
                "none",
                "--name",
                "one",
                busybox.name,
                "sleep",
                "100"
            ).output()
            let top = try await berth("top", "one", "-o", "pid,comm").output()
            #expect(top.hasPrefix("PID ") && top.hasSuffix("sleep") && top.split(separator: "\n").count == 2)
            let status = try await berth("top", "one", "-o", "comm").run().status
            #expect(status == .exited(1))
            let executed = try await berth("exec", "-w", "/nowhere", "one", "pwd").run().status
            #expect(executed == .exited(126))
            let renamed = try await berth("rename", "one", "one").run().status
            #expect(renamed == .exited(1))
        }
    }

    @Test("limits that can't be are refused before anything is made")
    func limits() async throws {
        try await withBusybox { busybox in
            for flags in [["--cpus", "100000"], ["--cpus", "0.001"], ["-m", "64m", "--memory-reservation", "128m"]] {
                let words = ["run", "--rm", "--network", "none"] + flags + [busybox.name, "true"]
                let status = try await busybox.berth(words).run().status
                #expect(status == .exited(125), "\(flags)")
            }
            #expect(try await busybox.berth("ps", "-aq").output() == "")
        }
    }

    @Test("a container whose record can't be read keeps the layers of all from being removed, and its folder is named")
    func damagedRecord() async throws {
        try await withBusybox { busybox in
            let berth = busybox.berth
            let identifier = try await berth("create", "--network", "none", busybox.name, "true").output()
            let record = berth.root.appending("containers").appending(identifier).appending("container.json")
            let whole = try contents(ofFileAt: record)
            try write("rotten", to: record)
            let refused = try await berth("image", "prune", "-af").run()
            #expect(refused.status == .exited(1))
            #expect(refused.errorText.contains(identifier))
            try write(String(decoding: whole, as: UTF8.self), to: record)
            let started = try await berth("start", "-a", identifier).run()
            #expect(started.status == .exited(0), "\(started.errorText)")
        }
    }

    @Test("what can't be attached leaves no container, values may begin with a dash, variables have names")
    func values() async throws {
        try await withBusybox { busybox in
            let berth = busybox.berth
            let detached = try await berth("run", "-it", "--network", "none", busybox.name, "true").run()
            #expect(detached.status == .exited(125))
            let left = try await berth("ps", "-aq").output()
            #expect(left == "")
            let unlimited = try await berth(
                "run",
                "--rm",
                "--network",
                "none",
                "--pids-limit",
                "-1",
                busybox.name,
                "true"
            ).run()
            #expect(unlimited.status == .exited(0), "\(unlimited.errorText)")
            let nameless = try await berth("run", "--rm", "--network", "none", "-e", "=x", busybox.name, "true").run()
            #expect(nameless.status == .exited(125))
        }
    }
}
