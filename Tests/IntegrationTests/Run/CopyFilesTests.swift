import Glibc
import SystemPackage
import Testing

@Suite("berth cp", .needs("skopeo", "umoci", "busybox", "tar", root: true), .timeLimit(.minutes(10)))
struct CopyFilesTests {
    /// A copy, and how the files look afterwards, as docker leaves them.
    struct Case: Sendable, CustomTestStringConvertible {
        let source: String
        let destination: String
        /// Below the destination's side, with what is in files.
        let result: [String]

        var testDescription: String { "\(source) to \(destination)" }
    }

    /// Of `a file` and `a folder/in/file` into a place with `there` (a folder) and `taken` (a file).
    static let cases = [
        Case(source: "a file", destination: "new", result: ["new=one"]),
        Case(source: "a file", destination: "there", result: ["there/a file=one"]),
        Case(source: "a file", destination: "there/", result: ["there/a file=one"]),
        Case(source: "a file", destination: "taken", result: ["taken=one"]),
        Case(source: "a folder", destination: "new", result: ["new/in/file=two"]),
        Case(source: "a folder", destination: "new/", result: ["new/in/file=two"]),
        Case(source: "a folder", destination: "there", result: ["there/a folder/in/file=two"]),
        Case(source: "a folder/", destination: "there", result: ["there/a folder/in/file=two"]),
        Case(source: "a folder/.", destination: "there", result: ["there/in/file=two"]),
        Case(source: "a folder/.", destination: "new", result: ["new/in/file=two"]),
        Case(source: "a link", destination: "new", result: ["new->a file"]),
        Case(source: "a folder/in/../in/file", destination: "new", result: ["new=two"]),
    ]

    /// Makes a place for each case.
    static let script = """
        for i in $(seq 0 \(cases.count - 1)); do
          mkdir -p "$1/$i/from/a folder/in" "$1/$i/to/there"; echo one > "$1/$i/from/a file"
          ln -s "a file" "$1/$i/from/a link"; echo two > "$1/$i/from/a folder/in/file"; echo former > "$1/$i/to/taken"
        done
        """

    /// What is below a folder, each file with its text, each link with its target.
    static let listing = """
        cd "$1"; find . -type f | while read -r f; do echo "${f#./}=$(cat "$f")"; done
        find . -type l | while read -r f; do echo "${f#./}->$(readlink "$f")"; done
        """

    @Test("puts files and folders where docker does, both ways, from and to containers that run or not")
    func placement() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            for isRunning in [true, false] {
                let host = try bench.makeFolder("host-\(isRunning)")
                try await Command("sh", "-ec", Self.script, "sh", "\(host)").output()
                let name = "c-\(isRunning)"
                try await busybox.start(
                    ["--name", name],
                    "sh",
                    "-c",
                    "\(Self.script); echo ready; sleep 1000",
                    "sh",
                    "/w"
                )
                try await wait(for: "ready", in: name, busybox)
                if !isRunning { try await busybox.berth("kill", name).output() }
                for (index, copy) in Self.cases.enumerated() {
                    let (here, there) = ("\(host)/\(index)", "\(name):/w/\(index)")
                    try await busybox.berth("cp", "\(there)/from/\(copy.source)", "\(here)/to/\(copy.destination)")
                        .output()
                    let outside = try await Command("sh", "-c", Self.listing, "sh", "\(here)/to").output()
                    try await busybox.berth("cp", "\(here)/from/\(copy.source)", "\(there)/to/\(copy.destination)")
                        .output()
                    try await busybox.berth("cp", "\(there)/to", "\(here)/inside").output()
                    let inside = try await Command("sh", "-c", Self.listing, "sh", "\(here)/inside").output()
                    let wanted = Set(copy.result + (copy.destination == "taken" ? [] : ["taken=former"]))
                    #expect(
                        Set(outside.split(separator: "\n").map(String.init)) == wanted,
                        "\(copy.testDescription), out"
                    )
                    #expect(
                        Set(inside.split(separator: "\n").map(String.init)) == wanted,
                        "\(copy.testDescription), in"
                    )
                }
            }
        }
    }

    @Test("refuses what docker refuses")
    func refused() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let host = try bench.makeFolder("host")
            try write("text\n", to: host.appending("file"))
            try makeFolder(host.appending("folder"))
            try await busybox.start(["--name", "box"], "sh", "-c", "mkdir /d; touch /f; echo ready; sleep 1000")
            try await wait(for: "ready", in: "box", busybox)
            let wrong: [([String], String)] = [
                (["box:/nonesuch", "\(host)"], "no such file or folder in the container: /nonesuch"),
                (["\(host)/nonesuch", "box:/"], "nonesuch"),
                (["\(host)/file", "box:/nonesuch/x"], "no such folder"),
                (["\(host)/file", "box:/nonesuch/"], "no such folder"),
                (["\(host)/folder", "box:/f"], "cannot copy the folder"),
                (["box:/d", "\(host)/file"], "cannot copy the folder"),
                (["box:/f/", "\(host)"], "is no folder"),
                (["box:/f", "\(host)/nonesuch/x"], "no such folder"),
                (["box:/f", "d:/f"], "between containers"),
                (["\(host)/file", "\(host)/other"], "at least one container"),
                (["nobody:/f", "\(host)"], "no such container"),
                (["-", "box:/f"], "must be a folder"),
            ]
            for (arguments, reason) in wrong {
                var command = busybox.berth(["cp"] + arguments)
                command.input = .bytes([])
                let result = try await command.run()
                #expect(result.status == .exited(1), "\(arguments)")
                #expect(result.errorText.contains(reason), "\(arguments): \(result.errorText)")
            }
            // A folder's place isn't taken by a file within, nor a file's by a folder.
            try makeFolder(host.appending("tree/f"))
            let result = try await busybox.berth("cp", "\(host)/tree/.", "box:/").run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("no folder"))
        }
    }

    @Test("keeps modes, times, links, empty folders, odd names and holes, and takes and gives tar archives")
    func archives() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let host = try bench.makeFolder("host")
            let script = """
                mkdir -p tree/empty; cd tree; echo x > 'a name
                in two lines'; chmod 4711 'a name
                in two lines'; ln 'a name
                in two lines' hard; ln -s /nowhere dangling; mkfifo pipe; dd if=/dev/zero of=hole bs=1 count=1 seek=5M
                touch -d '2001-02-03 04:05:06.789' 'a name
                in two lines' empty; chown 1234:5678 hole
                """
            var making = Command("sh", "-ec", script)
            making.workingFolder = host
            try await making.output()
            try await busybox.start(["--name", "box"], "sleep", "1000")
            try await busybox.berth("cp", "\(host)/tree", "box:/tmp/").output()
            try await busybox.berth("cp", "-a", "box:/tmp/tree", "\(host)/back").output()
            let list = "cd \"$1\"; find . -printf '%p %m %T@ %s %y %l %U:%G %n\\n' | sort"
            let sent = try await Command("bash", "-c", list, "sh", "\(host)/tree").output()
            let returned = try await Command("bash", "-c", list, "sh", "\(host)/back").output()
            #expect(sent == returned)

            let archive = try await busybox.berth("cp", "box:/tmp/tree/.", "-").run()
            #expect(archive.status == .exited(0))
            var unpacking = busybox.berth("cp", "-", "box:/home/user")
            unpacking.input = .bytes(archive.standardOutput)
            try await unpacking.output()
            try await busybox.berth("cp", "-a", "box:/home/user", "\(host)/again").output()
            let again = try await Command("bash", "-c", list, "sh", "\(host)/again").output()
            // The folder itself is left as it was.
            #expect(again.split(separator: "\n").dropFirst() == sent.split(separator: "\n").dropFirst())
            // Without -a what leaves the container is the caller's, and has no power over this host.
            try await busybox.berth("exec", "box", "mknod", "/tmp/tree/device", "c", "1", "3").output()
            try await busybox.berth("cp", "box:/tmp/tree", "\(host)/plain").output()
            #expect(try await Command("stat", "-c", "%u %s", "\(host)/plain/hole").output() == "0 5242881")
            #expect(try await Command("stat", "-c", "%a", "\(host)/plain/hard").output() == "711")
            #expect(try names(in: host.appending("plain")).contains("device") == false)
        }
    }

    @Test("nothing is copied into a root that is read-only, running or not, but into what is mounted in it")
    func readOnlyRoot() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let file = bench.folder.appending("file")
            try write("text\n", to: file)
            try await busybox.start(["--read-only", "--name", "box", "-v", "data:/data"], "sleep", "1000")
            for isRunning in [true, false] {
                if !isRunning { try await busybox.berth("kill", "box").output() }
                let refused = try await busybox.berth("cp", "\(file)", "box:/home/").run()
                #expect(refused.status == .exited(1))
                #expect(refused.errorText.lowercased().contains("read-only"), "\(refused.errorText)")
                try await busybox.berth("cp", "\(file)", "box:/data/\(isRunning)").output()
            }
            try await busybox.berth("cp", "box:/data", "\(bench.folder)/out").output()
            #expect(try names(in: bench.folder.appending("out")) == ["false", "true"])
        }
    }

    @Test("a container's links, even those that it swaps meanwhile, lead nowhere on the host")
    func hostileLinks() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let host = try bench.makeFolder("host")
            try write("the host's\n", to: host.appending("secret"))
            let inbox = try bench.makeFolder("inbox")
            try write("from the host\n", to: inbox.appending("file"))
            // One link that stays, and one that is a folder at times.
            let script = """
                ln -s \(host) /link; ln -s \(host)/secret /leaf; ln -s ../../../../../..\(host) /up
                ln -s /proc/1/root\(host) /magic; echo ready
                while :; do
                  mkdir /swap; echo inside > /swap/secret; rm -r /swap; ln -s \(host) /swap; rm /swap
                done
                """
            try await busybox.start(["--name", "box"], "sh", "-c", script)
            try await wait(for: "ready", in: "box", busybox)
            for path in ["/link/secret", "/up/secret", "/magic/secret"] {
                let result = try await busybox.berth("cp", "box:\(path)", "\(inbox)/stolen").run()
                #expect(result.status == .exited(1), "\(path)")
            }
            let followed = try await busybox.berth("cp", "-L", "box:/leaf", "\(inbox)/stolen").run()
            #expect(followed.status == .exited(1))
            for path in ["/link/", "/up/", "/leaf"] {
                _ = try await busybox.berth("cp", "\(inbox)/file", "box:\(path)").run()
            }
            for round in 0..<40 {
                _ = try await busybox.berth("cp", "\(inbox)/file", "box:/swap/").run()
                _ = try await busybox.berth("cp", "box:/swap/.", "\(inbox)/swap-\(round)").run()
            }
            let found = try await Command("grep", "-r", "the host's", inbox.string).run()
            #expect(found.text.isEmpty)
            #expect(try names(in: host) == ["secret"])
            #expect(try contents(ofFileAt: host.appending("secret")) == Array("the host's\n".utf8))
        }
    }

    @Test("an archive that leads out of its destination stays in it")
    func hostileArchive() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            try await busybox.start(["--name", "box"], "sh", "-c", "mkdir /d; echo ready; sleep 1000")
            try await wait(for: "ready", in: "box", busybox)
            let folder = try bench.makeFolder("archive")
            try write("evil\n", to: folder.appending("file"))
            var packing = Command(
                "sh",
                "-c",
                "ln -s / way && tar cP --transform 's,^file,/../../etc/evil,;s,^way/x,way/etc/evil2,' way file"
            )
            packing.workingFolder = folder
            let archive = try await packing.run()
            var unpacking = busybox.berth("cp", "-", "box:/d")
            unpacking.input = .bytes(archive.standardOutput)
            let result = try await unpacking.run()
            #expect(result.status == .exited(1))
            #expect(access("/etc/evil", F_OK) != 0)
            #expect(try await busybox.berth("exec", "box", "ls", "/etc").output().contains("evil") == false)
        }
    }

    private func wait(for text: String, in container: String, _ busybox: LocalBusybox) async throws {
        let found = try await poll(within: .seconds(20)) {
            try await busybox.berth("logs", container).output().contains(text) ? true : nil
        }
        try #require(found == true)
    }
}
