import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Container store", .timeLimit(.minutes(1)))
struct ContainerStoreTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    private var containers: FilePath { workshop.folder.appending("state/containers") }

    @Test("a container that is removed when stopped leaves nothing, whatever it did")
    func removed() async throws {
        let mounts = try workshop.contents(of: "/proc/self/mountinfo").split(separator: "\n").count
        // A path far beyond PATH_MAX, and a folder that nobody may enter.
        let script = """
            deepen() { for i in $(seq 150); do mkdir a-folder-with-a-name; cd a-folder-with-a-name; done; }
            mkdir /one /two; cd /two; deepen; cd /one; deepen; mv /two .; ls two > /dev/null; cd /
            mkdir -p /locked/in; touch /locked/in/file; chmod 0 /locked/in /locked; ln -s /etc /link
            """
        let outcome = try await workshop.run(
            ["sh", "-c", script],
            change: { $0.name = try ContainerName("short-lived") }
        )
        #expect(outcome == Outcome(status: .exited(0), output: ""))
        #expect(workshop.names(in: containers) == ["by-name"])
        #expect(workshop.names(in: containers.appending("by-name")).isEmpty)
        #expect(try workshop.contents(of: "/proc/self/mountinfo").split(separator: "\n").count == mounts)
    }

    @Test("nor does one that could not start")
    func removedUnstarted() async throws {
        await #expect(throws: SandboxError.self) { try await workshop.run(["nonesuch"]) }
        #expect(workshop.names(in: containers) == ["by-name"])
    }

    @Test("another stays, with its writable layer and its record")
    func kept() async throws {
        var id = ""
        let outcome = try await workshop.run(
            ["sh", "-c", "echo kept > /file; exit 3"],
            change: {
                $0.isRemovedWhenStopped = false
                $0.name = try ContainerName("kept")
            }
        )
        #expect(outcome.status == .exited(3))
        id = try #require(workshop.names(in: containers).first { $0 != "by-name" })
        #expect(id.utf8.count == 64)
        #expect(try workshop.contents(of: containers.appending(id).appending("upper/file")) == "kept\n")

        let container = try workshop.store.find("kept")
        #expect(container.id.rawValue == id)
        #expect(container.configuration.image == "busybox")
        #expect(container.configuration.process.arguments == ["sh", "-c", "echo kept > /file; exit 3"])
        #expect(abs(container.record.created / 1_000_000_000 - Int64(time(nil))) < 60)
        let state = try container.state()
        #expect(state.status == .exited)
        #expect(state.exitStatus == 3)
        #expect(workshop.names(in: containers.appending("by-name")) == ["kept"])
    }

    @Test("a name belongs to one container at a time")
    func uniqueName() async throws {
        func named() throws -> Container {
            try workshop.container(["true"], change: { $0.name = try ContainerName("the-one") })
        }
        let first = try named()
        #expect(throws: SandboxError.containerNameInUse("the-one", containerID: first.id.short)) { try named() }
        try first.remove()
        try named().remove()
        #expect(workshop.names(in: containers) == ["by-name"])
    }

    @Test("of many who want a name at once one gets it")
    func nameRace() async throws {
        let winners = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (try? workshop.container(["true"], change: { $0.name = try ContainerName("raced") })) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test("a name whose container is gone is free")
    func danglingName() async throws {
        try Workshop.shell("ln -s ../\(String(repeating: "0", count: 64)) \(containers)/by-name/left")
        let outcome = try await workshop.run(["true"], change: { $0.name = try ContainerName("left") })
        #expect(outcome.status == .exited(0))
    }

    @Test(
        "names that docker wouldn't take are refused",
        arguments: ["", "a", "-ab", ".ab", "a/b", "a b", "ü1", "../x"]
    )
    func invalidNames(name: String) {
        #expect(throws: SandboxError.invalidContainerName(name)) { try ContainerName(name) }
    }

    @Test("names that docker takes are taken", arguments: ["ab", "A1", "0_.-", "web-1.example"])
    func validNames(name: String) throws {
        #expect(try ContainerName(name).rawValue == name)
    }
}
