import Glibc
import SystemPackage
import Testing

@Suite("A standard output that takes nothing", .timeLimit(.minutes(2)), .needs("bash"))
struct StandardOutputTests {
    @Test("a reader who has gone away ends the program without a word, as other programs end")
    func brokenPipe() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await LayeredImage(sizes: [2000]).push(to: "app", at: registry.host)
            let berth = try Berth(on: bench)
            for arguments in [["images"], ["pull", registry.name("app")], ["manifest", "get", registry.name("app")]] {
                let script = "trap '' PIPE; { sleep 0.2; \(berth(arguments)); echo $? >&3; } 3>&2 | true"
                var command = Command("bash", "-c", script)
                command.environment = berth(arguments).environment
                let result = try await command.run()
                #expect(result.errorText == "\(128 + SIGPIPE)\n", "\(arguments)")
            }
        }
    }

    @Test("a full disk is an error, not half a list")
    func fullDisk() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let result = try await Command("bash", "-c", "\(berth("images")) > /dev/full").run()
            #expect(result.status == .exited(1))
            #expect(result.errorText == "berth: can't write to the standard output: No space left on device\n")
        }
    }
}
