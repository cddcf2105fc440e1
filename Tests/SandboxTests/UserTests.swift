import Sandbox
import Testing

@Suite("Container user", .timeLimit(.minutes(1)))
struct UserTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    static let identities: [(user: String, expected: String)] = [
        ("", "0 0 0 63 /root"),
        ("0", "0 0 0 63 /root"),
        ("root", "0 0 0 63 /root"),
        ("alice", "1000 1001 6 63 1001 /home/alice"),
        ("1000", "1000 1001 6 63 1001 /home/alice"),
        ("alice:staff", "1000 1001 1001 /home/alice"),
        ("alice:0", "1000 0 0 /home/alice"),
        ("4000", "4000 0 0 /"),
        ("4000:disk", "4000 6 6 /"),
        ("4000:5000", "4000 5000 5000 /"),
    ]

    @Test("it is found in the image's own account files, with its groups and home", arguments: identities)
    func identity(user: String, expected: String) async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "echo $(id -u) $(id -g) $(grep ^Groups: /proc/self/status | cut -f2) $HOME"],
            overrides: { $0.user = user }
        )
        #expect(outcome.output == expected + "\n")
    }

    @Test("a name that the image doesn't know is told of")
    func unknown() async throws {
        await #expect(throws: SandboxError.unknownUser("bob")) {
            try await workshop.run(["id"], overrides: { $0.user = "bob" })
        }
        await #expect(throws: SandboxError.unknownGroup("wheel")) {
            try await workshop.run(["id"], overrides: { $0.user = "root:wheel" })
        }
        await #expect(throws: SandboxError.unknownUser("4294967295")) {
            try await workshop.run(["id"], overrides: { $0.user = "4294967295" })
        }
    }

    @Test("account files are read through the image's links within the image only")
    func hostileAccounts() async throws {
        let victim = workshop.folder.appending("passwd")
        try Workshop.shell("echo 'host:x:7:7::/:/bin/sh' > \(victim)")
        let outer = try workshop.layer("outer", "mkdir etc; ln -s \(victim) etc/passwd")
        await #expect(throws: SandboxError.unknownUser("host")) {
            try await workshop.run(["id"], layers: [workshop.busybox, outer], overrides: { $0.user = "host" })
        }
        let inner = try workshop.layer(
            "inner",
            "mkdir etc usr; ln -s ../usr/users etc/passwd; echo 'carol:x:8:9::/c:' > usr/users"
        )
        let outcome = try await workshop.run(
            ["id", "-u"],
            layers: [workshop.busybox, inner],
            overrides: { $0.user = "carol" }
        )
        #expect(outcome.output == "8\n")
    }

    @Test("a pipe in the place of an account file holds nothing up")
    func pipe() async throws {
        let layer = try workshop.layer("pipe", "mkdir etc; mkfifo etc/passwd etc/group")
        let outcome = try await workshop.run(
            ["grep", "^Uid", "/proc/self/status"],
            layers: [workshop.busybox, layer],
            overrides: { $0.user = "5" }
        )
        #expect(outcome.output == "Uid:\t5\t5\t5\t5\n")
    }
}
