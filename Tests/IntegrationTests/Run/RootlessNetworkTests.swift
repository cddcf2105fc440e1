import Glibc
import SystemPackage
import Testing

@Suite(
    "An ordinary user's network",
    .needs(
        "busybox",
        "setpriv",
        "unshare",
        "newuidmap",
        "newgidmap",
        "pasta",
        "slirp4netns",
        "curl",
        "pgrep",
        root: true
    ),
    .hasTunnel,
    .timeLimit(.minutes(3))
)
struct RootlessNetworkTests {
    private static let image = "test/web:1"
    private static let script = "mkdir /w; echo rootless > /w/index.html; exec httpd -f -p 80 -h /w"

    @Test(
        "is connected by pasta or slirp4netns: ports are published, and nothing is left of it, also when the monitor is killed",
        arguments: ["pasta", "slirp4netns"],
        [true, false]
    )
    func helpers(helper: String, hasSubordinates: Bool) async throws {
        try await TestBench.use { bench in
            let user = try await OrdinaryUser(on: bench, hasSubordinates: hasSubordinates)
            let berth = helper == "pasta" ? user : try await user.withoutPasta()
            try await berth.importImage(Self.image)
            let (one, other) = (try LoopbackPort.free(), try LoopbackPort.free())
            let ports = ["-p", "127.0.0.1:\(one):80", "-p", "\(other):80"]
            try await berth(["run", "-d", "--name", "web"] + ports + [Self.image, "sh", "-c", Self.script]).output()
            let addresses = ["127.0.0.1:\(one)", "127.0.0.1:\(other)"] + (helper == "pasta" ? ["[::1]:\(other)"] : [])
            for address in addresses { try await Self.expectPage(at: address) }
            #expect(try await berth("exec", "web", "ls", "/sys/class/net").output().split(separator: "\n").count == 2)
            let listed = try await berth("port", "web").output().split(separator: "\n").sorted()
            #expect(listed.prefix(2) == ["80/tcp -> 0.0.0.0:\(other)", "80/tcp -> 127.0.0.1:\(one)"])
            let process = try await berth("inspect", "--format", "{{.State.Pid}}", "web").output()

            try await berth("restart", "-t", "0", "web").output()
            try await Self.expectPage(at: "127.0.0.1:\(one)")
            try await Self.expectNone("\(helper) .*\(process)( tap0)?$")
            let next = try await berth("inspect", "--format", "{{.State.Pid}}", "web").output()
            #expect(try await Command("pgrep", "-f", "\(helper) .*\(next)( tap0)?$").run().status == .exited(0))
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let ended = try await poll(within: .seconds(10)) {
                try await berth("ps", "-a", "--format", "{{.State}}").output() == "exited" ? true : nil
            }
            #expect(ended == true)
            try await Self.expectNone("\(helper) .*\(next)( tap0)?$")
            try await berth("rm", "web").output()
        }
    }

    @Test("is slirp4netns's where pasta fails, names included; where both fail each has its say")
    func failures() async throws {
        try await TestBench.use { bench in
            let user = try await OrdinaryUser(on: bench, hasSubordinates: true)
            try await user.importImage(Self.image)
            let berth = try await user.withBroken("pasta")
            let show = "ls /sys/class/net; cat /etc/resolv.conf"
            let shown = try await berth("run", "--rm", Self.image, "sh", "-c", show).run()
            #expect(shown.text.hasPrefix("lo\ntap0\n"), "\(shown.errorText)")
            #expect(!shown.text.contains("169.254.1.1"))
            let port = try LoopbackPort.free()
            let six = try await berth("run", "--rm", "-p", "[::1]:\(port):80", Self.image, "true").run()
            #expect(six.status == .exited(125))
            #expect(six.errorText.contains("IPv6"), "\(six.errorText)")
            let neither = try await berth.withBroken("slirp4netns")("run", "--rm", Self.image, "true").run()
            #expect(neither.status == .exited(125))
            #expect(
                neither.errorText.contains("pasta could not") && neither.errorText.contains("slirp4netns could not")
            )
        }
    }

    @Test("is the loopback alone, with a word on why, where nothing can connect it; ports are refused then")
    func alone() async throws {
        try await TestBench.use { bench in
            let user = try await OrdinaryUser(on: bench, hasSubordinates: true)
            try await user.importImage(Self.image)
            let withoutPrograms = try await user.withoutPasta().hiding("slirp4netns")
            for (berth, word) in [
                (user.withoutTunnel, "can't open"), (withoutPrograms, "neither of which is installed"),
            ] {
                let result = try await berth("run", "--rm", Self.image, "ls", "/sys/class/net").run()
                #expect(result.text == "lo\n")
                #expect(
                    result.errorText.contains("reaches nobody") && result.errorText.contains(word),
                    "\(result.errorText)"
                )
                #expect(result.errorText.split(separator: "\n").count == 1)
                let refused = try await berth("run", "--rm", "-p", "8000:80", Self.image, "true").run()
                #expect(refused.status == .exited(125))
                #expect(refused.errorText.contains(word), "\(refused.errorText)")
                let quiet = try await berth("run", "--rm", "--network", "none", Self.image, "true").run()
                #expect(quiet.errorText == "")
            }
        }
    }

    @Test("is shared by --network container:NAME, with the users that both have", arguments: [true, false])
    func shared(hasSubordinates: Bool) async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: hasSubordinates)
            try await berth.importImage(Self.image)
            try await berth("run", "-d", "--name", "web", Self.image, "sh", "-c", Self.script).output()
            let join = ["--network", "container:web"]
            let get =
                "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://127.0.0.1/ && break; sleep 0.2; done; hostname"
            let got = try await berth(["run", "--rm", "-h", "other"] + join + [Self.image, "sh", "-c", get]).run()
            #expect(got.text == "rootless\nother\n", "\(got.errorText)")
            try await berth(["run", "-d", "--name", "beside"] + join + [Self.image, "sleep", "1000"]).output()
            let same = "readlink /proc/1/ns/net; readlink /proc/1/ns/user"
            #expect(
                try await berth("exec", "beside", "sh", "-c", same).output()
                    == berth("exec", "web", "sh", "-c", same).output()
            )
            // All else is its own.
            #expect(try await berth("exec", "beside", "pidof", "httpd").run().status == .exited(1))
            #expect(try await berth("exec", "beside", "test", "-e", "/w").run().status == .exited(1))
            try await berth("cp", "beside:/etc/passwd", "\(berth.home)/passwd").output()
            let user = try await berth("exec", "-u", "33", "beside", "cat", "/var/www/index").run()
            #expect(user.text == (hasSubordinates ? "page\n" : ""))
            if hasSubordinates {
                let refused = try await berth.withoutSubordinates(["run", "--rm"] + join + [Self.image, "true"]).run()
                #expect(refused.status == .exited(125))
                #expect(refused.errorText.contains("other users"), "\(refused.errorText)")
            }
            try await berth("rm", "-f", "web").output()
            #expect(try await berth("exec", "beside", "echo", "alive").output() == "alive")
            let gone = try await berth(["run", "--rm"] + join + [Self.image, "true"]).run()
            #expect(gone.status == .exited(125))
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let ended = try await poll(within: .seconds(10)) {
                try await berth("ps", "-a", "--format", "{{.State}}").output() == "exited" ? true : nil
            }
            #expect(ended == true)
            try await berth("rm", "beside").output()
        }
    }

    private static func expectPage(at address: String) async throws {
        let text = try await poll(within: .seconds(10)) {
            let get = Command("curl", "-s", "--noproxy", "*", "-m", "3", "http://\(address)/")
            return try await get.run().text == "rootless\n" ? true : nil
        }
        #expect(text == true, "\(address)")
    }

    private static func expectNone(_ pattern: String) async throws {
        let none = try await poll(within: .seconds(5)) {
            try await Command("pgrep", "-f", pattern).run().status == .exited(1) ? true : nil
        }
        #expect(none == true, "\(pattern)")
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test, and says so, where this host has no device that ordinary users' networks are made by.
    static var hasTunnel: Self {
        let isThere = access("/dev/net/tun", F_OK) == 0
        let reason = "this host has no /dev/net/tun"
        if !isThere { print("SKIPPED a test: \(reason)") }
        return .enabled(if: isThere, Comment(rawValue: reason))
    }
}
