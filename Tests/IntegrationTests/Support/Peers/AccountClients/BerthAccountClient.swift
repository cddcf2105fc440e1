struct BerthAccountClient: AccountClient {
    let title = "berth"
    private let berth: Berth

    init(on bench: TestBench) async throws {
        berth = try Berth(on: bench)
        try await berth.importBusybox(as: "kept.test/kept:1")
    }

    private func trust(_ server: SecureBerthd) async throws {
        let folder = berth.home.appending(".config/docker/certs.d/\(server.host)")
        try makeFolder(folder)
        try await Command("cp", server.authority.string, folder.appending("ca.crt").string).output()
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        try await trust(server)
        try await berth.login(server.host.rawValue, as: name, password).output()
    }

    func logout(of server: SecureBerthd) async throws {
        try await trust(server)
        try await berth("logout", server.host.rawValue).output()
    }

    func push(as name: String, to server: SecureBerthd) async throws {
        try await trust(server)
        try await berth("tag", "kept.test/kept:1", name).output()
        try await berth("push", "--quiet", name).output()
        try await berth("rmi", name).output()
    }

    func pull(_ name: String, from server: SecureBerthd) async throws {
        try await trust(server)
        try await berth("pull", "--quiet", name).output()
        try await berth("rmi", name).output()
    }
}
