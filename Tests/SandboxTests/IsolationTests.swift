import Glibc
import Sandbox
import Testing

@Suite("Container isolation", .timeLimit(.minutes(1)))
struct IsolationTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test("each namespace is a new one")
    func namespaces() async throws {
        let names = ["cgroup", "ipc", "mnt", "net", "pid", "uts"]
        let outcome = try await workshop.run(
            script: "cd /proc/self/ns; for n in \(names.joined(separator: " ")); do readlink $n; done"
        )
        let inside = outcome.output.split(separator: "\n").map(String.init)
        #expect(inside.count == names.count)
        for (name, value) in zip(names, inside) {
            var target = [CChar](repeating: 0, count: 64)
            #expect(readlink("/proc/self/ns/\(name)", &target, 63) > 0)
            #expect(value.hasPrefix("\(name):["))
            #expect(value != target.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) })
        }
    }

    @Test("the network is a loopback interface that is up")
    func loopback() async throws {
        let outcome = try await workshop.run(
            script:
                "ls /sys/class/net; ping -c1 -W1 127.0.0.1 > /dev/null && echo reached; ping -c1 -W1 $HOSTNAME > /dev/null && echo named"
        )
        #expect(outcome.output == "lo\nreached\nnamed\n")
    }

    @Test("the host name is what was asked for, in the kernel and in /etc/hostname")
    func hostname() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "hostname; cat /etc/hostname"],
            change: { $0.hostname = try Hostname("box.example") }
        )
        #expect(outcome.output == "box.example\nbox.example\n")
    }

    @Test("the host name is the container's short ID by default")
    func defaultHostname() async throws {
        let container = try workshop.container(["sh", "-c", "test $(hostname) = $0", "placeholder"])
        let outcome = try await workshop.run(script: "hostname")
        #expect(outcome.output.count == 13)
        try container.remove()
    }

    @Test("root has docker's capabilities, and can win no others")
    func capabilities() async throws {
        let outcome = try await workshop.run(["grep", "^Cap", "/proc/self/status"])
        let expected = """
            CapInh:\t0000000000000000
            CapPrm:\t00000000a80425fb
            CapEff:\t00000000a80425fb
            CapBnd:\t00000000a80425fb
            CapAmb:\t0000000000000000

            """
        #expect(outcome.output == expected)
    }

    @Test("another user has none, but the same bound")
    func userCapabilities() async throws {
        let outcome = try await workshop.run(["grep", "^Cap", "/proc/self/status"], overrides: { $0.user = "alice" })
        let none = "0000000000000000"
        #expect(
            outcome.output
                == "CapInh:\t\(none)\nCapPrm:\t\(none)\nCapEff:\t\(none)\nCapBnd:\t00000000a80425fb\nCapAmb:\t\(none)\n"
        )
    }

    @Test("it can neither mount nor enter a file system of the host")
    func mount() async throws {
        #expect(try await workshop.run(script: "mount -t tmpfs x /tmp 2>/dev/null; echo $?").output == "1\n")
    }
}
