import Glibc
import SystemPackage
import Testing

@Suite("Containers' network", .needs("skopeo", "umoci", "busybox", "curl", root: true), .timeLimit(.minutes(5)))
struct NetworkTests {
    /// Serves `text` at port 80 of the container.
    private static func serving(_ text: String) -> [String] {
        ["sh", "-c", "mkdir /w; echo \(text) > /w/index.html; exec httpd -f -p 80 -h /w"]
    }

    private func start(_ name: String, _ options: [String], _ command: [String], _ busybox: LocalBusybox) async throws {
        try await busybox.berth(["run", "-d", "--name", name] + options + [busybox.name] + command).output()
    }

    private func fetched(_ address: String) async throws -> String? {
        try await poll(within: .seconds(10)) {
            let result = try await Command("curl", "--silent", "--noproxy", "*", "--max-time", "3", address).run()
            return result.status == .exited(0) ? result.text : nil
        }
    }

    @Test("a published port is reached at the host's loopback, by IPv4 and IPv6, and listed; a second time it is taken")
    func published() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let port = try LoopbackPort.free()
            try await start("web", ["-p", "\(port):80"], Self.serving("here"), busybox)
            #expect(try await fetched("http://127.0.0.1:\(port)/") == "here\n")
            #expect(try await fetched("http://[::1]:\(port)/") == "here\n")
            let ports = try await busybox.list("{{.Ports}}")
            #expect(ports == ["0.0.0.0:\(port)->80/tcp, :::\(port)->80/tcp"])
            #expect(try await busybox.berth("port", "web", "80").output().hasPrefix("0.0.0.0:\(port)"))
            // From the host to the container's own address, too.
            let address = try await busybox.inspect("web", "{{.NetworkSettings.IPAddress}}")
            #expect(try await fetched("http://\(address)/") == "here\n")

            let second = try await busybox.run(["-p", "\(port):80"], "true")
            #expect(second.status == .exited(125))
            #expect(second.errorText.contains("port is already allocated"))
            #expect(try await busybox.run(["-p", "nonsense"], "true").status == .exited(125))
            try await busybox.berth("stop", "-t", "0", "web").output()
            #expect(try await busybox.run(["-p", "\(port):80"], "true").status == .exited(0))
            try await busybox.berth("start", "web").output()
            #expect(try await fetched("http://127.0.0.1:\(port)/") == "here\n")
            try await busybox.berth("rm", "-f", "web").output()
        }
    }

    @Test(
        "a port of one address is reached there only; one without a host port gets a free one; UDP comes through",
        .needs("cc", "python3")
    )
    func addressesAndProtocols() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let port = try LoopbackPort.free()
            try await start("web", ["-p", "127.0.0.1:\(port):80", "-p", "80"], Self.serving("one"), busybox)
            #expect(try await fetched("http://127.0.0.1:\(port)/") == "one\n")
            let elsewhere = Command("curl", "--silent", "--max-time", "2", "http://[::1]:\(port)/")
            #expect(try await elsewhere.run().status != .exited(0))
            let lines = try await busybox.berth("port", "web").output().split(separator: "\n")
            let free = try #require(lines.first { $0.contains("0.0.0.0:") }?.split(separator: ":").last)
            #expect(try await fetched("http://127.0.0.1:\(free)/") == "one\n")

            let datagrams = try LoopbackPort.free()
            let program = try await ForeignProgram(on: bench, named: "datagrams").path
            let options = ["-p", "\(datagrams):7777/udp", "-v", "\(program):/service:ro"]
            try await start("echo", options, ["/service"], busybox)
            let asking = """
                import socket
                for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                    client = socket.socket(family, socket.SOCK_DGRAM)
                    client.settimeout(2)
                    client.sendto(b"datagram", (address, \(datagrams)))
                    print(client.recvfrom(100)[0].decode())
                """
            let answer = try await poll(within: .seconds(15)) {
                try await Command("python3", "-c", asking).run().text == "datagram\ndatagram\n" ? true : nil
            }
            #expect(answer == true)
            try await busybox.berth("rm", "-f", "web", "echo").output()
        }
    }

    @Test("containers reach one another by name, alias and link, and none by a name that has ended")
    func namesOnTheBridge() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await start(
                "server-a",
                ["--network-alias", "database", "--expose", "80", "-e", "A=1"],
                Self.serving("a"),
                busybox
            )
            let address = try await busybox.inspect("server-a", "{{.NetworkSettings.IPAddress}}")
            for (options, name) in [([], "server-a"), ([], "database"), (["--link", "server-a:db"], "db")] {
                let script =
                    "nslookup \(name) | tail -n +3 | grep Address | head -1; printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc \(address) 80"
                let result = try await busybox.run(options, "sh", "-c", script)
                #expect(result.text.contains(address), "\(name): \(result.text)")
                #expect(result.text.contains("a\n"))
            }
            let reversed = try await busybox.run([], "nslookup", address)
            #expect(reversed.text.contains("name = server-a"), "\(reversed.text)\(reversed.errorText)")
            let linked = try await busybox.run(
                ["--name", "asker", "--link", "server-a:d-b", "-e", "D_B_NAME=mine"],
                "env"
            )
            for line in [
                "D_B_PORT=tcp://\(address):80", "D_B_PORT_80_TCP_ADDR=\(address)", "D_B_NAME=mine", "D_B_ENV_A=1",
            ] {
                #expect(linked.text.split(separator: "\n").contains { $0 == line }, "\(line): \(linked.text)")
            }
            try await busybox.berth("rm", "-f", "server-a").output()
            let gone = try await busybox.run([], "nslookup", "server-a")
            #expect(gone.status != .exited(0), "\(gone.text)")
        }
    }

    @Test("none has a loopback only, host the host's network, and container: that of another")
    func modes() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            #expect(try await busybox.run(["--network", "none"], "ls", "/sys/class/net").text == "lo\n")
            let host = try await Command("readlink", "/proc/self/ns/net").output()
            let inside = try await busybox.run(["--network", "host"], "readlink", "/proc/self/ns/net").text
            #expect(inside == "\(host)\n")
            try await start("first", [], Self.serving("shared"), busybox)
            let script = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 80; hostname -i"
            let shared = try await busybox.run(["--network", "container:first"], "sh", "-c", script)
            #expect(shared.text.contains("shared\n"))
            for options in [
                ["--network", "nonsense"], ["--network", "container:nobody"],
            ] {
                #expect(try await busybox.run(options, "true").status == .exited(125), "\(options)")
            }
            try await busybox.berth("rm", "-f", "first").output()
        }
    }

    @Test("/etc/hosts and resolv.conf say what was asked for")
    func files() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let options = [
                "-h", "inner", "--add-host", "fixed:192.0.2.7", "--add-host", "gate:host-gateway", "--dns",
                "192.0.2.53",
                "--dns-search", "example.com", "--dns-option", "timeout:1",
            ]
            let result = try await busybox.run(
                options,
                "sh",
                "-c",
                "cat /etc/hosts /etc/hostname /etc/resolv.conf; hostname"
            )
            #expect(result.text.contains("192.0.2.7\tfixed\n"))
            #expect(result.text.contains("\tgate\n"))
            #expect(result.text.contains("\tinner\n"))
            #expect(result.text.contains("search example.com\n"))
            #expect(result.text.contains("timeout:1"))
            #expect(result.text.hasSuffix("inner\n"))
            // The files are berth's, not in the container's layer.
            _ = try await busybox.berth("run", "--name", "same", busybox.name, "true").run()
            #expect(try await busybox.berth("diff", "same").output() == "")
        }
    }

    @Test("a name server at the container's own loopback is asked where --dns says so", .needs("cc"))
    func ownNameServer() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let program = try await ForeignProgram(on: bench, named: "names").path
            let script = "/names & for i in 1 2 3 4 5 6 7 8 9; do nslookup -type=a inner && exit; sleep 0.2; done"
            let options = ["--dns", "127.0.0.1", "-v", "\(program):/names:ro"]
            let result = try await busybox.run(options, "sh", "-c", script)
            #expect(result.text.contains("192.0.2.9"), "\(result.text)\(result.errorText)")
            // Not even one that asks itself is kept waiting.
            let loop = try await busybox.run(["--dns", "127.0.0.11"], "nslookup", "-type=a", "nobody")
            #expect(loop.status != .exited(0))
        }
    }

    @Test("many that start at once each get an address of their own, and give it back, killed or not")
    func leases() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask { try await start("many-\(number)", [], ["sleep", "1000"], busybox) }
                }
                try await group.waitForAll()
            }
            let names = (0..<12).map { "many-\($0)" }
            var addresses: Set<String> = []
            for name in names { addresses.insert(try await busybox.inspect(name, "{{.NetworkSettings.IPAddress}}")) }
            #expect(addresses.count == 12)
            for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
            let ended = try await poll(within: .seconds(20)) {
                try await busybox.list("{{.State}}").allSatisfy { $0 == "exited" } ? true : nil
            }
            #expect(ended == true)
            let wanted = try #require(addresses.first)
            #expect(try await busybox.run(["--ip", wanted], "true").status == .exited(0))
            try await busybox.berth(["rm", "-f"] + names).output()
        }
    }

    @Test("nginx from Debian's package runs detached at a published port, as docker's users begin", .needs("nginx"))
    func nginx() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let root = try bench.makeFolder("nginx-root")
            let script = """
                set -e; cd \(root)
                mkdir -p usr/sbin etc var/log/nginx var/lib/nginx run tmp bin var/www/html
                cp --parents $(ldd /usr/sbin/nginx | grep -o '/[^ ]*') .
                cp /usr/sbin/nginx usr/sbin/; cp -r /etc/nginx etc/; rm -rf etc/nginx/modules-enabled/*
                cp /bin/busybox bin/; ln -s busybox bin/sh; ln -s busybox bin/cat
                printf 'root:x:0:0::/:/bin/sh\\nwww-data:x:33:33::/var/www:/bin/sh\\n' > etc/passwd
                printf 'root:x:0:\\nwww-data:x:33:\\n' > etc/group
                echo 'it works' > var/www/html/index.html
                ln -s /dev/stdout var/log/nginx/access.log
                """
            try await Command("sh", "-c", script).output()
            let change = #"CMD ["nginx", "-g", "daemon off;"]"#
            let options = ["--change", change, "--change", "EXPOSE 80", "--change", "ENV PATH=/usr/sbin:/bin"]
            try await busybox.berth(["import", root.string, "nginx:debian"] + options).output()
            let port = try LoopbackPort.free()
            try await busybox.berth("run", "-d", "-p", "\(port):80", "--name", "my_ng", "nginx:debian").output()
            #expect(try await fetched("http://127.0.0.1:\(port)/") == "it works\n")
            #expect(try await busybox.berth("logs", "my_ng").output().contains("GET / HTTP/1.1"))
            let inside = busybox.berth("exec", "my_ng", "cat", "/var/www/html/index.html")
            #expect(try await inside.output() == "it works")
            try await busybox.berth("stop", "my_ng").output()
            #expect(try await busybox.inspect("my_ng", "{{.State.ExitCode}}") == "0")
            try await busybox.berth("start", "my_ng").output()
            #expect(try await fetched("http://127.0.0.1:\(port)/") == "it works\n")
            try await busybox.berth("rm", "-f", "my_ng").output()
        }
    }
}
