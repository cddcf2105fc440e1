import Glibc
import SystemPackage
import Testing

/// Each a way out of a container that some runtime has once had.
@Suite("Escapes", .needs("busybox", root: true), .timeLimit(.minutes(3)))
struct EscapeTests {
    @Test("a container that runs /proc/self/exe can't change the monitor's program (CVE-2019-5736)", .needs("cc"))
    func monitorProgram() async throws {
        try await TestBench.use { bench in
            // The kernel runs the image's loader in the name of the monitor's program.
            let loader = try await ForeignProgram(on: bench, named: "loader").path
            let script = """
                for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
                mkdir -p .$(dirname $loader); cp \(loader) .$loader; done
                ln -s /proc/self/exe tool
                """
            let image = try await ImportedRoot(on: bench, script: script)
            let monitor = BuiltProgram.berthMonitor.path
            let before = try FileState(of: monitor)
            for run in [["run", "--rm", image.name, "/tool"], ["run", "--rm", image.name, "/proc/self/exe"]] {
                let result = try await image.berth(run).run()
                #expect(result.text == "chmod \(EROFS)\n", "\(result)")
            }
            try await image.start(["--name", "host"], "sleep", "100")
            #expect(try await image.berth("exec", "host", "/tool").run().text == "chmod \(EROFS)\n")
            try await image.berth("rm", "-f", "host").output()
            #expect(try FileState(of: monitor) == before)
        }
    }

    @Test("no descriptor of the host's is a working folder (CVE-2024-21626)")
    func workingFolder() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench, changes: ["WORKDIR /proc/self/fd/8"])
            #expect(try await image.run([], "ls", "../../../../..").status == .exited(125))
            try await image.start(["--name", "host", "-w", "/"], "sleep", "100")
            for descriptor in 3..<20 {
                let folder = "/proc/self/fd/\(descriptor)"
                let result = try await image.run(["-w", folder], "ls", "../../../../..")
                #expect(result.status == .exited(125))
                #expect(result.errorText.contains(folder))
                let inside = try await image.berth("exec", "-w", folder, "host", "ls").run()
                #expect(inside.status != .exited(0) && inside.text == "")
            }
            try await image.berth("rm", "-f", "host").output()
        }
    }

    @Test("an image's volume isn't mounted over /proc by way of a link (CVE-2019-19921)")
    func volumeOverProc() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench, script: "ln -s /proc way", changes: [#"VOLUME ["/way"]"#])
            let result = try await image.run([], "true")
            #expect(result.status == .exited(125))
            #expect(result.errorText.contains("/way"))
        }
    }

    @Test("an image's volume whose place is a link leads nowhere on the host")
    func volumeByLink() async throws {
        try await TestBench.use { bench in
            let victim = try bench.makeFolder("victim")
            try write("secret\n", to: victim.appending("file"))
            let image = try await ImportedRoot(
                on: bench,
                script: "ln -s \(victim) way; ln -s ../../../../../../\(victim) up",
                changes: [#"VOLUME ["/way", "/up/below"]"#]
            )
            let result = try await image.run([], "sh", "-c", "cat /way/* /up/*; echo own > /way/new; true")
            #expect(!result.text.contains("secret"))
            #expect(try names(in: victim) == ["file"])
        }
    }

    @Test("a process that joins shows a hostile container nothing of the host, and is no mightier than it")
    func spies() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let spy = """
                while :; do for p in /proc/[0-9]*; do
                [ $p = /proc/1 ] || { ls -l $p/exe $p/cwd $p/root $p/fd; tr '\\0' '\\n' < $p/environ; grep Cap $p/status; }
                done 2>/dev/null; done
                """
            // Whoever may trace sees more, but nothing that is worth it.
            for capabilities in [[], ["--cap-add", "SYS_PTRACE"]] {
                try await image.start(["--name", "spy"] + capabilities, "sh", "-c", spy)
                for _ in 0..<20 { try await image.berth("exec", "-e", "MARK=1", "spy", "true").output() }
                let seen = try await image.berth("logs", "spy").output()
                #expect(seen.contains("CapBnd"))
                for trace in [bench.folder.string, "berth-monitor", "/work", "memfd", "HOME=\(image.berth.home)"] {
                    #expect(!seen.contains(trace), "\(trace)")
                }
                #expect(capabilities != [] || !seen.contains("socket:"))
                let words = seen.split(whereSeparator: \.isWhitespace)
                let sets = zip(words, words.dropFirst()).filter { $0.0.hasPrefix("Cap") }.compactMap {
                    UInt64($0.1, radix: 16)
                }
                // CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_RAWIO and CAP_DAC_READ_SEARCH.
                let mighty: UInt64 = 1 << 21 | 1 << 16 | 1 << 17 | 1 << 2
                #expect(sets.allSatisfy { $0 & mighty == 0 })
                try await image.berth("rm", "-f", "spy").output()
            }
        }
    }

    @Test("what a hostile container puts in the place of account files and devices holds no exec up")
    func hostileFiles() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let script = """
                rm /etc/passwd /etc/group; mkfifo /etc/passwd; ln -s /proc/1/root/proc/1/maps /etc/group
                umount /dev/null; rm -f /dev/null; mkfifo /dev/null
                umount /dev/pts; echo ready; exec sleep 100
                """
            let options = ["--name", "hostile", "--cap-add", "SYS_ADMIN"]
            try await image.start(options, "sh", "-c", script)
            _ = try await poll(within: .seconds(10)) {
                try await image.berth("logs", "hostile").output().contains("ready") ? true : nil
            }
            let result = try await image.berth("exec", "hostile", "echo", "here").run()
            #expect(result.text == "here\n" || result.errorText.contains("/dev/null"), "\(result)")
            let named = try await image.berth("exec", "-u", "user", "hostile", "true").run()
            #expect(named.errorText.contains("user"))
            let terminal = try await image.berth("exec", "-t", "hostile", "true").run()
            #expect(terminal.status != .exited(0))
            try await image.berth("rm", "-f", "hostile").output()
        }
    }

    @Test("the kernel's doors to the host are shut", .needs("cc"))
    func doors() async throws {
        try await TestBench.use { bench in
            let program = try await ForeignProgram(on: bench, named: "doors").path
            let image = try await ImportedRoot(on: bench, script: "cp \(program) bin/doors")
            let result = try await image.run([], "doors")
            #expect(result.status == .exited(0), "\(result)")
            let open = result.text.split(separator: "\n").filter { !$0.hasSuffix(" shut") }
            #expect(open.isEmpty && result.text.split(separator: "\n").count >= 15, "\(result.text)")
        }
    }

    @Test("nothing of the host's kernel is written, and no disk is read")
    func kernel() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench)
            let script = """
                for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/vm/drop_caches \
                /sys/kernel/uevent_helper /sys/fs/cgroup/release_agent /sys/fs/cgroup/*/release_agent /proc/1/oom_adj_host; do
                echo 0 2>/dev/null > $f && echo wrote $f; done
                for d in /sys/dev/block/*; do mknod /tmp/disk b $(basename $d | tr : ' ') && head -c1 /tmp/disk && echo read $d
                rm -f /tmp/disk; done
                mount -t proc x /tmp && echo mounted; mount -o remount,rw /proc/sys && echo remounted
                umount /proc/sys && echo unmounted; cat /proc/kcore | head -c 1 | wc -c | grep -v '^0$'; true
                """
            let result = try await image.run([], "sh", "-c", "{ \(script)\n} 2>/dev/null")
            #expect(result.text == "", "\(result.text)")
        }
    }

    @Test(
        "a hostile image config is refused or harmless",
        arguments: [
            "USER ../../etc/passwd", "USER 4294967295", "USER -1", "USER 99999999999999999999", "USER a:b:c",
            "WORKDIR relative/../..", "WORKDIR /etc/passwd", "WORKDIR /proc/1/root/../../..",
            #"ENTRYPOINT ["/proc/1/fd/3"]"#,
        ]
    )
    func configs(change: String) async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(on: bench, changes: [change])
            let result = try await image.run([], "sh", "-c", "pwd; id -u")
            let codes: [ExitStatus] = [.exited(125), .exited(126), .exited(127)]
            #expect(codes.contains(result.status) || result.text.hasPrefix("/"), "\(result)")
            #expect(!result.text.contains(bench.folder.string))
            #expect(result.errorText.split(separator: "\n").count <= 1, "\(result.errorText)")
        }
    }

    @Test("an image's variables are the program's, never berth's or its monitor's")
    func environment() async throws {
        try await TestBench.use { bench in
            let image = try await ImportedRoot(
                on: bench,
                changes: ["ENV LD_PRELOAD=/nowhere.so", "ENV PATH=relative:/bin", "ENV TMPDIR=\(bench.folder)"]
            )
            let result = try await image.run([], "sh", "-c", "echo $LD_PRELOAD")
            #expect(result.text == "/nowhere.so\n")
            #expect(result.errorText == "")
        }
    }
}

/// What of a file must not change.
private struct FileState: Equatable {
    let mode: UInt32
    let size: Int
    let changed: Int

    init(of path: FilePath) throws {
        var status = stat()
        guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
        mode = status.st_mode
        size = Int(status.st_size)
        changed = status.st_mtim.tv_sec
    }
}
