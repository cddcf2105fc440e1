import SystemPackage
import Testing

@Suite("Images in use", .needs("skopeo", "umoci", "busybox", root: true), .timeLimit(.minutes(2)))
struct ImageInUseTests {
    @Test("an image that a stopped container is made of stays; forced, only what the container needs does")
    func stopped() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let berth = busybox.berth
            try await berth("run", "--name", "done", busybox.name, "true").output()
            let name = try await berth("images", "--format", "{{.Repository}}:{{.Tag}}").output()
            let id = try await berth("images", "-q").output()

            let refused = try await berth("rmi", name).run()
            #expect(refused.status == .exited(1))
            #expect(
                refused.errorText.contains("conflict: unable to remove repository reference \"\(name)\" (must force)")
            )
            let byID = try await berth("rmi", id).run()
            #expect(byID.errorText.contains("unable to delete \(id) (must be forced)"))
            try await berth("image", "prune", "--all", "--force").output()
            #expect(try await berth("images", "-q").output() == id)

            try await berth("rmi", "--force", name).output()
            #expect(try await berth("images", "-q").output().isEmpty)
            try await berth("image", "prune", "--all", "--force").output()
            #expect(try await berth("start", "--attach", "done").run().status == .exited(0))
            try await berth("rm", "done").output()
            let left = try await berth("image", "prune", "--force").output()
            #expect(left.contains("deleted: sha256:"))
            #expect(try names(in: berth.root.appending("layers/sha256")).isEmpty)
        }
    }

    @Test("an image that a running container is made of can't be removed by its ID, and loses its name only by force")
    func running() async throws {
        try await TestBench.use { bench in
            let busybox = try await LocalBusybox(on: bench)
            let berth = busybox.berth
            try await busybox.command(["-d", "--name", "busy"], ["sleep", "1000"]).output()
            let name = try await berth("images", "--format", "{{.Repository}}:{{.Tag}}").output()
            let id = try await berth("images", "-q").output()
            #expect(try await berth("rmi", name).run().status == .exited(1))
            let byID = try await berth("rmi", "--force", id).run()
            #expect(byID.status == .exited(1))
            #expect(byID.errorText.contains("(cannot be forced) - image is being used by running container"))
            #expect(try await berth("rmi", "--force", name).output() == "Untagged: \(name)")
            try await berth("image", "prune", "--all", "--force").output()
            #expect(try await berth("images", "-q").output() == id)
            try await berth("kill", "busy").output()
            _ = try await berth("wait", "busy").run()
            try await berth("image", "prune", "--force").output()
            #expect(try await berth("images", "-q").output().isEmpty)
        }
    }
}
