import SystemPackage

final class ContainerdAccountClient: AccountClient {
    let title = "containerd"
    private let containerd: Containerd
    private let hosts: FilePath
    private let credential = LatestCredential()

    init(on bench: TestBench, _ image: BusyboxImage) async throws {
        containerd = try await Containerd.start(on: bench)
        hosts = try bench.makeFolder("containerd-hosts")
        try await containerd("images", "import", image.dockerArchive.string).output()
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        // It can't tell whether the password is right before it uses it.
        let status = try await server.curl("--user", "\(name):\(password)", "--fail", "/v2/").run().status
        guard status == .exited(0) else { throw SecureBerthd.UnexpectedStatus(status: "\(status)") }
        await credential.set(["--user", "\(name):\(password)"])
    }

    func logout(of server: SecureBerthd) async throws {
        await credential.set([])
    }

    func push(as name: String, to server: SecureBerthd) async throws {
        try await containerd("images", "tag", "--force", "docker.io/library/busybox:test", name).output()
        try await run(["images", "push"], [name], server)
        try await containerd("images", "remove", "--sync", name).output()
    }

    func pull(_ name: String, from server: SecureBerthd) async throws {
        try await run(["images", "pull"], [name], server)
        try await containerd("images", "remove", "--sync", name).output()
    }

    /// Without such a file it speaks plain HTTP to this machine.
    private func trust(_ server: SecureBerthd) throws -> FilePath {
        let folder = hosts.appending(server.host.rawValue)
        try makeFolder(folder)
        let configuration = """
            [host."https://\(server.host)"]
              capabilities = ["pull", "resolve", "push"]
              ca = "\(server.authority)"

            """
        try write(configuration, to: folder.appending("hosts.toml"))
        return hosts
    }

    private func run(_ verb: [String], _ names: [String], _ server: SecureBerthd) async throws {
        let options = ["--hosts-dir", try trust(server).string] + (await credential.options)
        var command = containerd()
        command.arguments += verb + options + names
        try await command.output()
    }

    private actor LatestCredential {
        private(set) var options: [String] = []

        func set(_ options: [String]) { self.options = options }
    }
}
