struct DockerAccountClient: AccountClient {
    let title = "docker"
    let engine: DockerEngine

    init(on bench: TestBench, _ image: BusyboxImage) async throws {
        engine = try await DockerEngine.start(on: bench)
        try await engine("load", "--input", image.dockerArchive.string).output()
        try await engine("tag", "busybox:test", "kept:1").output()
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        var command = engine("login", "--username", name, "--password-stdin", server.host.rawValue)
        command.input = .bytes(Array(password.utf8))
        try await command.output()
    }

    func logout(of server: SecureBerthd) async throws {
        try await engine("logout", server.host.rawValue).output()
    }

    func push(as name: String, to server: SecureBerthd) async throws {
        try await engine("tag", "kept:1", name).output()
        try await engine("push", name).output()
        try await engine("rmi", name).output()
    }

    func pull(_ name: String, from server: SecureBerthd) async throws {
        try await engine("pull", name).output()
        try await engine("rmi", name).output()
    }
}
