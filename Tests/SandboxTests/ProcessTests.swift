import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Container process", .timeLimit(.minutes(1)))
struct ProcessTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test("its exit status and output are passed on")
    func exitStatus() async throws {
        let outcome = try await workshop.run(script: "echo out; echo err >&2; exit 7")
        #expect(outcome == Outcome(status: .exited(7), output: "out\nerr\n"))
    }

    @Test("an end by a signal counts 128 and its number")
    func signal() async throws {
        // The kernel shields a namespace's first process from its own signals; its child isn't.
        let child = try await workshop.run(script: "sh -c 'kill -TERM $$'; exit $?")
        #expect(child.status == .exited(143))
        let first = try workshop.container(["sleep", "100"])
        async let status = first.run(
            streams: ContainerStreams(input: nil, output: 1, error: 2),
            options: .withoutSignals
        )
        for _ in 0..<500 {
            if let process = try first.state().process {
                kill(process, SIGKILL)
                break
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await status == .exited(128 + SIGKILL))
    }

    @Test(
        "a program that isn't there, and one that can't be executed, are told apart",
        arguments: [["nonesuch"], ["/nonesuch"], ["/etc/passwd/x"]]
    )
    func notFound(command: [String]) async throws {
        await #expect(throws: SandboxError.commandNotFound(command[0])) { try await workshop.run(command) }
    }

    @Test(
        "a file without the permission to execute it is found, but not executable",
        arguments: ["/etc/passwd", "/etc"]
    )
    func notExecutable(path: String) async throws {
        await #expect(throws: SandboxError.commandNotExecutable(path, .permissionDenied)) {
            try await workshop.run([path])
        }
    }

    @Test("it is the first of its namespace, and leads a session without a terminal")
    func firstProcess() async throws {
        let outcome = try await workshop.run(script: "echo $$; cut -d' ' -f1,6,7 /proc/1/stat; ls -d /proc/[0-9]*")
        #expect(outcome.output == "1\n1 1 0\n/proc/1\n/proc/\(2)\n" || outcome.output.hasPrefix("1\n1 1 0\n/proc/1\n"))
    }

    @Test("it has no descriptor but the standard streams")
    func descriptors() async throws {
        let leak = open("/etc/passwd", O_RDONLY)
        defer { close(leak) }
        // The fourth is the listing's own.
        #expect(try await workshop.run(["ls", "/proc/self/fd"]).output == "0\n1\n2\n3\n")
    }

    @Test("without input it reads the container's own /dev/null")
    func noInput() async throws {
        let outcome = try await workshop.run(script: "cat; readlink /proc/self/fd/0")
        #expect(outcome.output == "/dev/null\n")
    }

    @Test("input is the caller's descriptor")
    func input() async throws {
        let file = open(workshop.busybox.appending("etc/group").string, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        #expect(try await workshop.run(["head", "-n1"], input: file).output == "root:x:0:\n")
    }

    @Test("no signal is blocked, ignored or caught, and the umask is 022")
    func signals() async throws {
        let outcome = try await workshop.run(["sh", "-c", "umask; exec grep -E '^Sig(Blk|Ign)' /proc/self/status"])
        #expect(outcome.output == "0022\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test("the working folder is made where it is missing")
    func workingDirectory() async throws {
        let outcome = try await workshop.run(["pwd"], overrides: { $0.workingDirectory = "/srv/a/b" })
        #expect(outcome == Outcome(status: .exited(0), output: "/srv/a/b\n"))
    }

    @Test("a working folder that is a file is told of")
    func workingFile() async throws {
        await #expect {
            try await workshop.run(["pwd"], overrides: { $0.workingDirectory = "/etc/passwd" })
        } throws: { error in
            "\(error)" == "cannot enter the working folder /etc/passwd: Not a directory"
        }
    }

    @Test("the environment has docker's defaults, and no more of the caller's")
    func environment() async throws {
        let outcome = try await workshop.run(
            ["env"],
            change: { $0.hostname = try Hostname("box") },
            overrides: { $0.environment = ["A=1=2", "B="] }
        )
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(Set(outcome.output.split(separator: "\n")) == [path[...], "HOSTNAME=box", "A=1=2", "B=", "HOME=/root"])
    }
}
