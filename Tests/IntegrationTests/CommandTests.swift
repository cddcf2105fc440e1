import Glibc
import SystemPackage
import Testing

/// The ground that every other integration test stands on.
@Suite("Commands")
struct CommandTests {
    @Test("give the exit status and both outputs, however much is printed")
    func outputs() async throws {
        let script = "head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2; exit 9"
        let result = try await Command("sh", "-c", script).run()
        #expect(result.status == .exited(9))
        #expect(result.standardOutput.count == 3_000_000)
        #expect(result.standardError.count == 2_000_000)
    }

    @Test("read their input, environment and working folder")
    func surroundings() async throws {
        var command = Command("sh", "-c", "cat; echo $GREETING; pwd")
        command.input = .bytes(Array("in\n".utf8))
        command.environment = ["GREETING": "hello"]
        command.workingFolder = "/usr"
        #expect(try await command.output() == "in\nhello\n/usr")
    }

    @Test("read what the test writes while they run")
    func pipe() async throws {
        var command = Command("cat")
        command.input = .pipe
        let running = try command.start()
        try running.write(Array("first\n".utf8))
        #expect(try await running.line(after: "fir") == "st")
        try running.closeInput()
        #expect(try await running.result(within: .seconds(10)).status == .exited(0))
    }

    @Test("are killed with their children when their time is over")
    func timeLimit() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("child")
            var command = Command("sh", "-c", "sleep 100 & echo $! > \(file); wait")
            command.timeLimit = .milliseconds(300)
            let limited = command
            await #expect(throws: CommandError.self) { try await limited.run() }

            let child = try String(decoding: contents(ofFileAt: file), as: UTF8.self).dropLast()
            let end = try await poll(within: .seconds(10)) {
                let state = try? String(decoding: contents(ofFileAt: FilePath("/proc/\(child)/stat")), as: UTF8.self)
                return state?.contains("(sleep) S") == true ? nil : true
            }
            #expect(end == true)
        }
    }

    @Test("that fail say what they printed to standard error")
    func failure() async throws {
        await #expect {
            try await Command("sh", "-c", "echo because >&2; exit 3").output()
        } throws: { error in
            "\(error)".contains("exited with status 3:\nbecause")
        }
    }

    @Test("that are not installed are named")
    func missing() async throws {
        await #expect {
            try await Command("no-such-program-here").run()
        } throws: { error in
            "\(error)".contains("could not start 'no-such-program-here'")
        }
    }

    @Test("tell the most memory they had")
    func memory() async throws {
        let running = try Command("sh", "-c", "echo ready; sleep 100").start()
        _ = try await running.line(after: "ready")
        let peak = try #require(running.peakResidentMemory)
        #expect((100_000...50_000_000).contains(peak))
        await running.kill()
        #expect(running.status == .killed(signal: SIGKILL))
    }
}
