import Glibc
import SystemPackage
import Testing

@Suite(
    "Subordinate users and groups",
    .needs("busybox", "setpriv", "unshare", "newuidmap", "newgidmap", root: true),
    .timeLimit(.minutes(3))
)
struct SubordinateUserTests {
    @Test("are the image's users: its files are theirs, programs run as them, and at a terminal, too")
    func users() async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: true)
            try await berth.importImage("test/users:1")
            let root = try await berth(
                "run",
                "--rm",
                "test/users:1",
                "sh",
                "-c",
                "id -u; stat -c %u:%g:%a /var/www/ /home"
            )
            .output()
            #expect(root == "0\n33:33:700\n0:0:755")
            let user = try await berth(
                "run",
                "--rm",
                "-u",
                "user",
                "test/users:1",
                "sh",
                "-c",
                "id; echo mine > /home/user/x; stat -c %u:%g /home/user/x; cat /var/www/index"
            ).run()
            #expect(user.text == "uid=1000(user) gid=1000(user) groups=63(audio),1000(user)\n1000:1000\n")
            #expect(user.errorText.contains("ermission denied"))

            try await berth("run", "-d", "--name", "box", "--group-add", "5", "test/users:1", "sleep", "1000").output()
            #expect(try await berth("exec", "-u", "33", "box", "cat", "/var/www/index").output() == "page")
            #expect(try await berth("exec", "box", "su", "www", "-c", "id -u").output() == "33")
            let groups = try await berth("exec", "-u", "1000", "box", "id", "-G").output().split(separator: " ")
            #expect(Set(groups) == ["1000", "63", "5"])
            // Apart from root no user of the host's is in there.
            let map = try await berth("exec", "box", "cat", "/proc/self/uid_map").output()
            let lines = map.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            #expect(lines == ["0 \(OrdinaryUser.number) 1", "1 \(OrdinaryUser.firstSubordinate) 65536"])
            let window = try TerminalWindow(
                berth("exec", "-it", "-u", "user", "box", "sh", "-c", "stat -c %u:%g:%t $(tty)")
            )
            try await window.see("1000:5:")
            #expect(try await window.status() == .exited(0))

            for wish in [["-u", "70000"], ["--group-add", "70000"]] {
                let refused = try await berth(["run", "--rm"] + wish + ["test/users:1", "true"]).run()
                #expect(refused.status == .exited(125))
                #expect(refused.errorText.contains("/etc/subuid"), "\(refused.errorText)")
            }
            try await berth("rm", "-f", "box").output()
        }
    }

    @Test("keep what is theirs through cp, commit, export and volumes; and everything can be removed")
    func files() async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: true)
            try await berth.importImage("test/users:1")
            let script = """
                mkdir -p /w/d/e; echo x > /w/d/e/f; chown -R 33:33 /w; chmod 700 /w /w/d; chmod 0 /w/d/e; echo ready
                exec sleep 1000
                """
            try await berth(
                "run",
                "-d",
                "--name",
                "box",
                "-v",
                "pages:/var/www",
                "-v",
                "/anonymous",
                "test/users:1",
                "sh",
                "-c",
                script
            ).output()
            try await Self.wait(for: "ready", in: "box", berth)
            // A new volume begins with the image's files, their owners too.
            #expect(
                try await berth("exec", "box", "stat", "-c", "%u:%a", "/var/www", "/var/www/index").output()
                    == "33:700\n33:644"
            )
            try await berth("exec", "-u", "www", "box", "sh", "-c", "mkdir /var/www/own; chmod 0 /var/www/own").output()

            let file = berth.home.appending("file")
            try await berth.command("sh", ["-c", "echo host > \(file)"]).output()
            try await berth("cp", file.string, "box:/w/d/e/in").output()
            #expect(try await berth("exec", "box", "stat", "-c", "%u", "/w/d/e/in").output() == "0")
            var out = berth("cp", "box:/w/d/e/f", "out")
            out.workingFolder = berth.home
            try await out.output()
            #expect(try await Command("stat", "-c", "%u:%g", "\(berth.home)/out").output() == "4712:4712")
            #expect(try await berth("diff", "box").output().contains("A /w/d/e/f"))
            try await berth("commit", "box", "test/committed:1").output()
            // What is another user's now is no reason not to start again.
            try await berth("exec", "box", "chown", "55:55", "/etc/hosts", "/etc/hostname").output()
            try await berth("stop", "-t", "0", "box").output()
            try await berth("cp", file.string, "box:/w/d/e/stopped").output()
            let exported = try await berth("export", "-o", "\(berth.home)/box.tar", "box").run()
            #expect(exported.status == .exited(0), "\(exported.errorText)")
            let names = try await Command("tar", "--numeric-owner", "-tvf", "\(berth.home)/box.tar").output()
            #expect(names.split(separator: "\n").contains { $0.hasSuffix(" w/d/e/f") && $0.contains(" 33/33 ") })
            let committed = try await berth(
                "run",
                "--rm",
                "test/committed:1",
                "sh",
                "-c",
                "stat -c %u:%a /w /w/d/e /w/d/e/f; chown -R 55 /etc"
            ).output()
            #expect(committed == "33:700\n33:0\n33:644")
            // By the host's numbers they are the user's own.
            let number = OrdinaryUser.firstSubordinate + 32
            #expect(try await Command("sh", "-c", "find \(berth.root)/layers -uid \(number) | wc -l").output() != "0")

            try await berth("start", "box").output()
            #expect(try await berth("exec", "box", "stat", "-c", "%u:%g", "/etc/hosts").output() == "0:0")
            try await berth("rm", "-f", "-v", "box").output()
            try await berth("volume", "rm", "pages").output()
            try await berth("rmi", "test/committed:1", "test/users:1").output()
            try await Self.expectNothing(of: berth)
        }
    }

    @Test("that come later, or go, are no others' to the containers and layers that are there")
    func change() async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: true)
            let alone = berth.withoutSubordinates
            try await alone.importImage("test/users:1")
            let script = "stat -c %u /var/www; cat /proc/self/uid_map | wc -l"
            let before = try await alone("run", "--name", "before", "test/users:1", "sh", "-c", script).output()
            #expect(before == "0\n1")
            #expect(try await alone("run", "--rm", "-u", "33", "test/users:1", "true").run().status == .exited(125))
            // From the same store, with no word from the user.
            #expect(try await berth("run", "--name", "after", "test/users:1", "sh", "-c", script).output() == "33\n2")
            #expect(try await berth("start", "-a", "before").output() == "0\n1")
            #expect(try await berth("start", "-a", "after").output() == "33\n2")
            let refused = try await alone("start", "-a", "after").run()
            #expect(refused.status != .exited(0))
            #expect(refused.errorText.contains("see that /etc/subuid and /etc/subgid have"), "\(refused.errorText)")
            #expect(try await alone("start", "-a", "before").output() == "0\n1")
            try await berth("rm", "before", "after").output()
            try await berth("rmi", "test/users:1").output()
            try await Self.expectNothing(of: berth)
        }
    }

    @Test("many at once unpack one layer and start; what is killed meanwhile leaves nothing that can't be removed")
    func kills() async throws {
        try await TestBench.use { bench in
            let berth = try await OrdinaryUser(on: bench, hasSubordinates: true)
            let alone = berth.withoutSubordinates
            let many =
                "i=0; while [ $i -lt 300 ]; do mkdir var/www/$i; echo $i > var/www/$i/f; i=$((i+1)); done; chown -R 33 var/www"
            // Not unpacked under the map yet.
            try await alone.importImage("test/users:1", script: many)
            let cat = ["run", "--rm", "-u", "33", "test/users:1", "cat", "/var/www/299/f"]
            for delay in [5, 20, 60, 120] {
                let first = try bench.start(berth(cat))
                try await Task.sleep(for: .milliseconds(delay))
                kill(first.processID, SIGKILL)
            }
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 { group.addTask { try await berth(cat).output() } }
                for try await text in group { #expect(text == "299") }
            }
            for delay in [0, 10, 40, 80, 160] {
                let running = try bench.start(
                    berth("run", "--rm", "test/users:1", "sh", "-c", "cp -a /var/www /w; chown -R 44 /w; sleep 1000")
                )
                try await Task.sleep(for: .milliseconds(delay + 200))
                running.send(signal: SIGKILL)
                for monitor in try ContainerMonitor.all(below: bench.folder) { kill(monitor, SIGKILL) }
                // The removal, too.
                let looking = try bench.start(berth("ps"))
                try await Task.sleep(for: .milliseconds(delay))
                kill(looking.processID, SIGKILL)
            }
            // One that was killed before it had a monitor is one that was made and not started.
            let isEmpty = try await poll(within: .seconds(20)) {
                let all = try await berth("ps", "-aq").output().split(separator: "\n").map(String.init)
                if !all.isEmpty { _ = try await berth(["rm", "-f"] + all).run() }
                return all.isEmpty ? true : nil
            }
            #expect(isEmpty == true)
            // Nor does what connected them stay.
            let isQuiet = try await poll(within: .seconds(10)) {
                try await Command("pgrep", "-f", "pasta .*\(berth.home)").run().status == .exited(1) ? true : nil
            }
            #expect(isQuiet == true)
            try await berth("rmi", "test/users:1").output()
            try await berth("image", "prune", "-a", "-f").output()
            try await Self.expectNothing(of: berth)
        }
    }

    /// That none of the user's subordinate ones, nor any layer, has a file left.
    private static func expectNothing(of berth: OrdinaryUser) async throws {
        let left = try await Command(
            "sh",
            "-c",
            "cd \(berth.root); find . ! -user \(OrdinaryUser.number); find layers -path '*/sha256/*'; ls tmp; ls -A containers"
        ).output()
        #expect(left == "by-name")
    }

    static func wait(for text: String, in container: String, _ berth: OrdinaryUser) async throws {
        let found = try await poll(within: .seconds(20)) {
            try await berth("logs", container).output().contains(text) ? true : nil
        }
        try #require(found == true)
    }
}
