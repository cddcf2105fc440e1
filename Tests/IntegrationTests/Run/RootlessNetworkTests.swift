import Glibc
import SystemPackage
import Testing

@Suite(
    "An ordinary user's network",
    .needs("skopeo", "umoci", "busybox", "setpriv", "pasta", "curl", root: true),
    .tunIsEverybodys,
    .timeLimit(.minutes(2))
)
struct RootlessNetworkTests {
    @Test("is connected by pasta: ports are published, and nothing is left of it, also when the monitor is killed")
    func pasta() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let home = try bench.makeFolder("home")
            chown(home.string, 4711, 4711)
            @Sendable func berth(_ arguments: String...) -> Command {
                let run = BuiltProgram.berth.command(["--root", home.appending("berth").string] + arguments)
                var command = Command(
                    "setpriv",
                    ["--reuid=4711", "--regid=4711", "--clear-groups", run.program] + run.arguments
                )
                command.environment["HOME"] = home.string
                return command
            }
            let (one, other) = (try LoopbackPort.free(), try LoopbackPort.free())
            let script = "mkdir /w; echo rootless > /w/index.html; exec httpd -f -p 80 -h /w"
            try await berth(
                "run",
                "-d",
                "--name",
                "web",
                "-p",
                "127.0.0.1:\(one):80",
                "-p",
                "\(other):80",
                busybox.name,
                "sh",
                "-c",
                script
            ).output()
            for address in ["127.0.0.1:\(one)", "127.0.0.1:\(other)", "[::1]:\(other)"] {
                let text = try await poll(within: .seconds(10)) {
                    let result = try await Command("curl", "-s", "--noproxy", "*", "-m", "3", "http://\(address)/")
                        .run()
                    return result.text == "rootless\n" ? true : nil
                }
                #expect(text == true, "\(address)")
            }
            let links = try await berth("exec", "web", "ls", "/sys/class/net").output()
            #expect(links.split(separator: "\n").count == 2, "\(links)")
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let ended = try await poll(within: .seconds(10)) {
                try await berth("ps", "-a", "--format", "{{.State}}").output() == "exited" ? true : nil
            }
            #expect(ended == true)
            let left = try await poll(within: .seconds(5)) {
                try await Command("pgrep", "-f", "pasta .*\(home)").run().status == .exited(1) ? true : nil
            }
            #expect(left == true)
            try await berth("rm", "web").output()
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test, and says so, where ordinary users may not open the device that their networks are made by.
    static var tunIsEverybodys: Self {
        var status = stat()
        let isOpen = stat("/dev/net/tun", &status) == 0 && status.st_mode & 0o006 == 0o006
        let reason = "ordinary users may not open /dev/net/tun here"
        if !isOpen { print("SKIPPED a test: \(reason)") }
        return .enabled(if: isOpen, Comment(rawValue: reason))
    }
}
