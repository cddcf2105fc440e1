import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Container mounts", .timeLimit(.minutes(1)))
struct MountTests {
    let workshop: Workshop
    /// A folder of the host's, with a file.
    let host: FilePath

    init() throws {
        workshop = try Workshop()
        host = workshop.folder.appending("host")
        try Workshop.shell("mkdir -p \(host)/inner; echo content > \(host)/file")
    }

    private func run(_ script: String, layers: [FilePath]? = nil, _ volumes: String...) async throws -> Outcome {
        let mounts = try volumes.map { try Mount(volume: $0) }
        return try await workshop.run(
            ["sh", "-c", script],
            layers: layers,
            change: { $0.mounts = try MountConfiguration(mounts) }
        )
    }

    @Test("a folder and a file of the host's are read and written, at places that are made for them")
    func bind() async throws {
        let outcome = try await run(
            "cat /new/place/file /one/file; echo more > /new/place/other; echo changed > /one/file",
            "\(host):/new/place",
            "\(host)/file:/one/file"
        )
        #expect(outcome.output == "content\ncontent\n")
        #expect(try workshop.contents(of: host.appending("other")) == "more\n")
        #expect(try workshop.contents(of: host.appending("file")) == "changed\n")
    }

    @Test("what is read-only can't be written, with all that is mounted below it")
    func readOnly() async throws {
        try Workshop.shell("mount -t tmpfs berth-test \(host)/inner && echo deep > \(host)/inner/file")
        defer { try? Workshop.shell("umount \(host)/inner") }
        let script = "for f in /m/x /m/inner/x; do touch $f 2> /dev/null && echo written; done; cat /m/inner/file"
        #expect(try await run(script, "\(host):/m:ro").output == "deep\n")
    }

    @Test("a mount in a mount shows, whatever order they are named in")
    func nested() async throws {
        try Workshop.shell("mkdir \(host)/below")
        let outcome = try await run("cat /m/below/deep/file", "\(host):/m/below/deep", "\(host):/m")
        #expect(outcome.output == "content\n")
    }

    @Test("a node for a device in a volume can't be opened", .enabled(if: geteuid() == 0))
    func devices() async throws {
        try Workshop.shell("mknod -m 666 \(host)/zero c 1 5; mkdir -p \(host)/m; mount -t tmpfs x \(host)/m")
        defer { try? Workshop.shell("umount \(host)/m") }
        try Workshop.shell("mknod -m 666 \(host)/m/zero c 1 5")
        let outcome = try await run(
            "head -c1 /v/zero; head -c1 /v/m/zero; mknod /v/own c 1 5; head -c1 /v/own",
            "\(host):/v"
        )
        #expect(outcome.output.split(separator: "\n").filter { $0.contains("Permission denied") }.count == 3)
    }

    @Test("a link of the image's on the way to a place leads within the image")
    func linkedTarget() async throws {
        let victim = workshop.folder.appending("victim")
        try Workshop.shell("mkdir \(victim)")
        let layer = try workshop.layer(
            "links",
            "ln -s \(victim) way; ln -s ../../../../../..\(victim) up; mkdir -p .\(victim)"
        )
        let outcome = try await run(
            "cat \(victim)/a/file \(victim)/b/file",
            layers: [workshop.busybox, layer],
            "\(host):/way/a",
            "\(host):/up/b"
        )
        #expect(outcome.output == "content\ncontent\n")
        #expect(workshop.names(in: victim).isEmpty)
    }

    @Test(
        "nothing is mounted over /proc or the root, not by way of a link either",
        arguments: ["/proc", "/proc/sys", "/way", "/way/self", "/root-link", "/proc/self/fd/3"]
    )
    func protectedPlaces(target: String) async throws {
        let layer = try workshop.layer("links", "ln -s /proc way; ln -s / root-link")
        let error = await #expect(throws: SandboxError.self) {
            try await run("true", layers: [workshop.busybox, layer], "\(host):\(target)")
        }
        #expect(error.map { "\($0)" }?.contains("cannot mount \(target)") == true)
    }

    @Test("a volume whose links change while another container starts on it never takes a mount elsewhere")
    func changingVolume() async throws {
        // The kind of CVE-2021-30465: a place below a volume that becomes a link to the root once it was looked at.
        let volume = workshop.folder.appending("volume")
        try Workshop.shell("mkdir -p \(volume)/real/place; ln -s / \(volume)/link; ln -s real \(volume)/way")
        let swapping = Task.detached {
            while !Task.isCancelled {
                for target in ["link", "real"] {
                    symlink(target, volume.appending("next").string)
                    rename(volume.appending("next").string, volume.appending("way").string)
                    usleep(50)
                }
            }
        }
        defer { swapping.cancel() }
        for _ in 0..<15 {
            let script = "cut -d' ' -f5 /proc/self/mountinfo; ls -d /bin/busybox /proc/self/status"
            let outcome: Outcome
            do {
                outcome = try await run(script, "\(volume):/v", "\(host):/v/way/place")
            } catch SandboxError.startFailed {
                continue
            }
            let places = outcome.output.split(separator: "\n").map(String.init)
            #expect(places.contains("/bin/busybox") && places.contains("/proc/self/status"))
            #expect(places.contains("/v/real/place") || places.contains("/place"), "\(places)")
        }
    }

    @Test("memory has the size that it was given, and runs no programs")
    func memory() async throws {
        let mounts = [try Mount(memory: "/t:size=64k,mode=0750"), try Mount(memory: "/bin/x")]
        let script =
            "stat -c %a /t; cp /bin/true /bin/x/true; /bin/x/true; echo $?; cat /dev/zero > /t/f; stat -c %s /t/f"
        let outcome = try await workshop.run(
            ["sh", "-c", "{ \(script); } 2> /dev/null"],
            change: { $0.mounts = try MountConfiguration(mounts) }
        )
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "750" && lines.contains("126") && lines.last == "65536", "\(lines)")
    }

    @Test("a read-only root takes nothing but what is mounted, and still has its working folder made")
    func readOnlyRoot() async throws {
        let outcome = try await workshop.run(
            ["sh", "-c", "pwd; touch /x || echo refused; touch /t/x && echo taken; echo > /etc/hosts || echo refused"],
            change: {
                $0.mounts = try MountConfiguration([try Mount(memory: "/t")])
                $0.mounts.hasReadOnlyRoot = true
            },
            overrides: { $0.workingDirectory = "/made" }
        )
        let lines = outcome.output.split(separator: "\n").filter { !$0.contains(":") }
        #expect(lines == ["/made", "refused", "taken", "refused"])
    }

    @Test("/dev/shm has the size that was asked for")
    func sharedMemory() async throws {
        let outcome = try await workshop.run(
            ["grep", "/dev/shm", "/proc/mounts"],
            change: { $0.mounts.sharedMemorySize = 128 << 20 }
        )
        #expect(outcome.output.contains("size=131072k"))
    }

    @Test("a source that is gone is told of")
    func missingSource() async throws {
        let error = await #expect(throws: SandboxError.self) { try await run("true", "/no/such/source:/m") }
        #expect(error.map { "\($0)" }?.contains("/no/such/source") == true)
    }
}
