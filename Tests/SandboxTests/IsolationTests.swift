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
                "ls /sys/class/net; ping -c1 -W1 127.0.0.1 > /dev/null && echo reached; ping -c1 -W1 localhost > /dev/null && echo named"
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

    @Test("capabilities are those that were asked for")
    func chosenCapabilities() async throws {
        let outcome = try await workshop.run(
            ["grep", "-E", "CapPrm|CapBnd", "/proc/self/status"],
            change: { $0.isolation.capabilities = try CapabilitySet(adding: ["NET_RAW"], dropping: ["ALL"]) }
        )
        #expect(outcome.output == "CapPrm:\t0000000000002000\nCapBnd:\t0000000000002000\n")
    }

    @Test("no program wins more than it has, unless that is asked for")
    func newPrivileges() async throws {
        let arguments = ["grep", "NoNewPrivs", "/proc/self/status"]
        #expect(try await workshop.run(arguments).output == "NoNewPrivs:\t1\n")
        let outcome = try await workshop.run(arguments, change: { $0.isolation.allowsNewPrivileges = true })
        #expect(outcome.output == "NoNewPrivs:\t0\n")
    }

    @Test("limits, the score and groups are the program's")
    func resources() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; id -G"],
            change: {
                $0.isolation.limits = [try ResourceLimit("nofile=55:66")]
                $0.isolation.outOfMemoryScore = 500
                $0.isolation.groups = ["audio", "4711"]
            }
        )
        #expect(outcome.output == "55\n66\n500\n0 63 4711\n")
    }

    @Test("a group that the image doesn't know is told of")
    func unknownGroup() async throws {
        await #expect(throws: SandboxError.self) {
            try await workshop.run(["true"], change: { $0.isolation.groups = ["nobody-here"] })
        }
    }

    @Test("settings are the container's own; programs of any user may listen at low ports")
    func settings() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "cd /proc/sys; cat net/ipv4/ip_forward kernel/shmmni net/ipv4/ip_unprivileged_port_start"],
            change: {
                $0.isolation.settings = [
                    try KernelSetting("net.ipv4.ip_forward=1"), try KernelSetting("kernel.shmmni=77"),
                ]
            }
        )
        #expect(outcome.output == "1\n77\n0\n")
    }

    @Test("a device of the host's is where it was asked for", .enabled(if: geteuid() == 0))
    func device() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "head -c3 /opt/nothing | wc -c; stat -c %t:%T /dev/deep/zero; ls -A /dev | grep chosen"],
            change: {
                $0.isolation.devices = [
                    try DeviceMapping("/dev/zero:/opt/nothing"), try DeviceMapping("/dev/zero:/dev/deep/zero"),
                ]
            }
        )
        #expect(outcome.output == "3\n1:5\n")
    }

    @Test("what isn't a device is refused")
    func noDevice() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await workshop.run(["true"], change: { $0.isolation.devices = [try DeviceMapping("/etc/passwd")] })
        }
        #expect(error.map { "\($0)" } == "\(SandboxError.notADevice("/etc/passwd"))")
    }

    @Test("an init of berth's own passes signals on, buries orphans, and ends as the program does")
    func reaper() async throws {
        let script = """
            tr -d '\\0' < /proc/1/cmdline; echo " $$"; (sleep 0.05 & ) ; sleep 0.3
            grep -l 'State:.Z' /proc/[0-9]*/status; trap 'exit 41' USR1; kill -USR1 1; while :; do sleep 0.05; done
            """
        let outcome = try await workshop.run(["sh", "-c", script], change: { $0.isolation.hasReaper = true })
        #expect(outcome.output == "berth-init 2\n")
        #expect(outcome.status == .exited(41))
        let killed = try await workshop.run(["sh", "-c", "kill -9 $$"], change: { $0.isolation.hasReaper = true })
        #expect(killed.status == .exited(137))
    }

    @Test("nothing is kept from a privileged container", .enabled(if: geteuid() == 0))
    func privileged() async throws {
        let script =
            "grep CapBnd /proc/self/status; grep -c 'sysfs rw' /proc/mounts; test -w /proc/sys/kernel/panic && echo w; mknod /tmp/z c 1 5; head -c1 /tmp/z | wc -c"
        let outcome = try await workshop.run(
            ["sh", "-c", script],
            change: {
                $0.isolation.isPrivileged = true
                $0.isolation.capabilities = .all
            }
        )
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first?.hasSuffix("0000000000000000") == false)
        #expect(lines.dropFirst() == ["1", "w", "1"])
    }
}
