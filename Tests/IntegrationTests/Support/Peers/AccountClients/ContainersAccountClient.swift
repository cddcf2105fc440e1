import SystemPackage

struct ContainersAccountClient: AccountClient {
    let title: String
    private let command: @Sendable ([String]) -> Command
    private let folder: FilePath
    private let image: BusyboxImage

    init(_ title: String, on bench: TestBench, _ image: BusyboxImage) throws {
        self.title = title
        self.image = image
        folder = try bench.makeFolder("\(title)-files")
        let own = ["--root", "\(folder)/root", "--runroot", "\(folder)/run", "--storage-driver", "overlay"]
        command = { Command(title, own + $0) }
    }

    private func trusting(_ server: SecureBerthd) async throws -> [String] {
        let certificates = folder.appending("certificates")
        try makeFolder(certificates)
        try await Command("cp", server.authority.string, certificates.appending("ca.crt").string).output()
        return ["--cert-dir", certificates.string, "--authfile", folder.appending("auth.json").string]
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        var login = command(
            ["login"] + (try await trusting(server))
                + ["--username", name, "--password-stdin", server.host.rawValue]
        )
        login.input = .bytes(Array(password.utf8))
        try await login.output()
    }

    func logout(of server: SecureBerthd) async throws {
        let file = folder.appending("auth.json").string
        try await command(["logout", "--authfile", file, server.host.rawValue]).output()
    }

    func push(as name: String, to server: SecureBerthd) async throws {
        let id = try await command(["pull", "--quiet", "docker-archive:\(image.dockerArchive)"]).output()
        try await command(["push"] + (try await trusting(server)) + [id, "docker://\(name)"]).output()
        try await command(["rmi", "--all", "--force"]).output()
    }

    func pull(_ name: String, from server: SecureBerthd) async throws {
        try await command(["pull", "--quiet"] + (try await trusting(server)) + ["docker://\(name)"]).output()
        try await command(["rmi", "--all", "--force"]).output()
    }
}
