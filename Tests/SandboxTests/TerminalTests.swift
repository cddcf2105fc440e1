import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Container terminal", .timeLimit(.minutes(1)))
struct TerminalTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test("it is the container's own, and controls its session")
    func terminal() async throws {
        let outcome = try await workshop.run(
            [
                "sh", "-c",
                "tty; readlink /proc/self/fd/2; echo $TERM; echo to-tty > /dev/tty; echo to-console > /dev/console",
            ],
            overrides: { $0.hasTerminal = true }
        )
        let lines = ["/dev/pts/0", "/dev/pts/0", "xterm", "to-tty", "to-console"]
        #expect(outcome == Outcome(status: .exited(0), output: lines.map { $0 + "\r\n" }.joined()))
    }

    @Test("it belongs to the container's user")
    func owner() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "stat -c '%u %a' $(tty)"],
            overrides: {
                $0.hasTerminal = true
                $0.user = "alice"
            }
        )
        #expect(outcome.output == "1000 620\r\n")
    }

    @Test("its output arrives to the last byte")
    func lastByte() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; printf end"],
            overrides: { $0.hasTerminal = true }
        )
        #expect(outcome.output.hasSuffix("line 19999\r\nend"))
        #expect(outcome.output.utf8.count { $0 == UInt8(ascii: "\n") } == 20000)
    }

    @Test("what is typed at the caller's terminal reaches it, which has its size, and is restored")
    func typed() async throws {
        let host = try HostTerminal(rows: 33, columns: 101)
        let before = host.modes
        let container = try workshop.container(
            ["sh", "-c", "stty size; read line; echo got $line; cat; exit 5"],
            change: { $0.input.isOpen = true },
            overrides: { $0.hasTerminal = true }
        )
        let streams = ContainerStreams(input: host.peer, output: host.peer, error: host.peer)
        async let status = container.run(streams: streams, options: .withoutSignals)
        #expect(try await host.shown(until: "101\r\n") == "33 101\r\n")
        #expect(host.modes != before)
        // Ctrl-D ends the input of `cat` only where it reaches the container's terminal.
        host.type("hello\r")
        #expect(try await host.shown(until: "got hello\r\n").hasSuffix("got hello\r\n"))
        host.type("\u{4}")
        #expect(try await status == .exited(5))
        #expect(host.modes == before)
    }

    @Test("a caller's input that is none is refused")
    func notATerminal() async throws {
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        await #expect(throws: SandboxError.inputIsNotATerminal) {
            try await workshop.run(["true"], input: file, overrides: { $0.hasTerminal = true })
        }
    }
}
