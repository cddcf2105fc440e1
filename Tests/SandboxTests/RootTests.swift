import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Container root", .timeLimit(.minutes(1)))
struct RootTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test("only the container's own mounts are there, and nothing of the host")
    func mounts() async throws {
        let script =
            "cut -d' ' -f2,3 /proc/mounts | grep -v -e ' tmpfs$' -e '^/etc/h' -e '^/etc/resolv.conf' -e '^/sys/fs/cgroup'"
        let outcome = try await workshop.run(script: script)
        var expected = ["/ overlay", "/proc proc", "/sys sysfs", "/dev/pts devpts", "/dev/mqueue mqueue"]
        // Not every kernel has each of them.
        expected += ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
            .filter { (path: String) in access(path, F_OK) == 0 }
            .map { "\($0) proc" }
        #expect(Set(outcome.output.split(separator: "\n").map(String.init)) == Set(expected))
        #expect(!outcome.output.contains(workshop.folder.string))
    }

    @Test("what every container has mounted is no change of its writable layer")
    func untouchedUpperLayer() async throws {
        let container = try workshop.container(["true"], change: { $0.isRemovedWhenStopped = false })
        defer { try? container.remove() }
        _ = try await container.run(
            streams: ContainerStreams(input: nil, output: 1, error: 2),
            options: .withoutSignals
        )
        let upper = workshop.store.root.appending("containers").appending("\(container.id)").appending("upper")
        #expect(workshop.names(in: upper) == [])
    }

    @Test("what is written, changed and removed leaves the layers as they were")
    func layersUntouched() async throws {
        let before = try listing(of: workshop.busybox)
        let script = "echo x > /etc/passwd; rm /bin/env; mkdir /new; chmod 700 /tmp; touch /new/file; ls /bin/env"
        #expect(try await workshop.run(script: script).status == .exited(1))
        #expect(try listing(of: workshop.busybox) == before)
    }

    @Test("an upper layer's files win, and its whiteouts hide")
    func whiteouts() async throws {
        let upper = try workshop.layer(
            "upper",
            """
            mkdir -p etc dir; echo new > etc/group; mknod etc/passwd c 0 0
            setfattr -n trusted.overlay.opaque -v y dir 2>/dev/null || python3 -c \
            'import os; os.setxattr("dir", "trusted.overlay.opaque", b"y")'
            """
        )
        let lower = try workshop.layer("lower", "mkdir dir; echo old > dir/file")
        let outcome = try await workshop.run(
            script: "cat /etc/group; ls /etc/passwd 2>/dev/null || echo hidden; ls -A /dir",
            layers: [workshop.busybox, lower, upper]
        )
        #expect(outcome.output == "new\nhidden\n")
    }

    @Test("an image of 130 layers is mounted in their order")
    func manyLayers() async throws {
        let name = "layer-with-a-long-name-such-as-a-digest-has-"
        let layers = (0..<130).map { workshop.folder.appending(name + "\($0)") }
        try Workshop.shell(
            "cd \(workshop.folder); for i in $(seq 0 129); do mkdir \(name)$i; echo $i > \(name)$i/top; "
                + "echo $i > \(name)$i/file$i; done"
        )
        let outcome = try await workshop.run(script: "cat /top /file0 /file64", layers: [workshop.busybox] + layers)
        #expect(outcome == Outcome(status: .exited(0), output: "129\n0\n64\n"))
    }

    @Test("more layers than the kernel can mount are refused")
    func tooManyLayers() async throws {
        let layers = Array(repeating: workshop.busybox, count: 501)
        await #expect(throws: SandboxError.tooManyLayers(501)) { try await workshop.run(["true"], layers: layers) }
    }

    @Test("an image without layers has no program to find")
    func noLayers() async throws {
        await #expect(throws: SandboxError.commandNotFound("true")) { try await workshop.run(["true"], layers: []) }
    }

    @Test("a layer's path may hold what mount options can't")
    func specialPath() async throws {
        let layer = try workshop.layer("'a:b,c\\d e'", "echo here > file")
        _ = layer
        let path = workshop.folder.appending("a:b,c\\d e")
        #expect(try await workshop.run(["cat", "/file"], layers: [workshop.busybox, path]).output == "here\n")
    }

    @Test(
        "a system folder that the image has as a link is refused, and the link isn't followed",
        arguments: ["proc", "sys", "dev"]
    )
    func hostileFolder(name: String) async throws {
        let target = workshop.folder.appending("target")
        try Workshop.shell("mkdir \(target)")
        let layer = try workshop.layer("hostile", "ln -s \(target) \(name)")
        await #expect {
            try await workshop.run(["true"], layers: [workshop.busybox, layer])
        } throws: { "\($0)".hasPrefix("cannot mount /\(name): ") }
        #expect(workshop.names(in: target).isEmpty)
    }

    @Test("files in /etc are written beside the image's links, never through them")
    func hostileFiles() async throws {
        let victim = workshop.folder.appending("victim")
        try Workshop.shell("mkdir \(victim); echo safe > \(victim)/hosts")
        let layer = try workshop.layer("links", "mkdir etc; ln -s \(victim)/hosts etc/hosts; ln -s /bin/x etc/hostname")
        let outcome = try await workshop.run(
            ["sh", "-c", "cat /etc/hostname; grep -c localhost /etc/hosts; ls /bin/x"],
            layers: [workshop.busybox, layer],
            change: { $0.hostname = try Hostname("box") }
        )
        #expect(outcome.output == "box\n2\nls: /bin/x: No such file or directory\n")
        #expect(try workshop.contents(of: victim.appending("hosts")) == "safe\n")
    }

    @Test("an /etc that is a link leads within the image only")
    func hostileEtc() async throws {
        let victim = workshop.folder.appending("victim")
        try Workshop.shell("mkdir \(victim)")
        let base = try workshop.layer("base", "mkdir -p bin .\(victim); cp /bin/busybox bin/cat; ln -s \(victim) etc")
        #expect(
            try await workshop.run(["cat", "/etc/hosts"], layers: [base]).output.hasPrefix("127.0.0.1\tlocalhost\n")
        )
        #expect(workshop.names(in: victim).isEmpty)
    }

    @Test("devices work, and a node of the image or of the container's root can't be opened")
    func devices() async throws {
        let layer = try workshop.layer("nodes", "mknod null c 1 3; chmod 666 null")
        let script = """
            echo x > /dev/null; head -c2 /dev/zero | wc -c; head -c3 /dev/urandom | wc -c; ls -l /dev/fd | cut -d'>' -f2
            cat /null; mknod /dev/mem2 c 1 1; cat /dev/mem2; mknod /mem c 1 1; cat /mem
            """
        let outcome = try await workshop.run(script: script, layers: [workshop.busybox, layer])
        let denied = ["/null", "/dev/mem2", "/mem"].map { "cat: can't open '\($0)': Permission denied\n" }.joined()
        #expect(outcome.output == "2\n3\n /proc/self/fd\n" + denied)
    }

    @Test("the container's root can't change the mode of the host's devices")
    func hostDevices() async throws {
        #expect(try await workshop.run(script: "chmod 600 /dev/null; stat -c %a /dev/null").output == "600\n")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o666)
    }

    @Test("kernel settings can be read, but not written")
    func kernelSettings() async throws {
        let script = """
            cat /proc/sys/kernel/ostype; echo x > /proc/sys/kernel/domainname
            for file in kcore keys timer_list interrupts; do [ ! -e /proc/$file ] || cat /proc/$file; done
            ls -A /sys/firmware /proc/scsi /proc/acpi 2> /dev/null | grep -v -e : -e '^$'
            """
        let outcome = try await workshop.run(script: script)
        #expect(outcome.output == "Linux\nsh: can't create /proc/sys/kernel/domainname: Read-only file system\n")
    }

    private func listing(of folder: FilePath) throws -> String {
        let output = workshop.folder.appending("listing")
        try Workshop.shell("cd \(folder) && find . -printf '%p %y %m %s %T@ %l\\n' | sort > \(output)")
        return try workshop.contents(of: output)
    }
}
