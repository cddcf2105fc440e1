import SystemPackage

struct SkopeoAccountClient: AccountClient {
    let title = "skopeo"
    private let folder: FilePath
    private let image: BusyboxImage

    init(on bench: TestBench, _ image: BusyboxImage) throws {
        folder = try bench.makeFolder("skopeo-files")
        self.image = image
    }

    private var file: String { folder.appending("auth.json").string }

    private func certificates(of server: SecureBerthd) async throws -> String {
        let certificates = folder.appending("certificates")
        try makeFolder(certificates)
        try await Command("cp", server.authority.string, certificates.appending("ca.crt").string).output()
        return certificates.string
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        var login = Command(
            "skopeo",
            "login",
            "--cert-dir",
            try await certificates(of: server),
            "--authfile",
            file,
            "--username",
            name,
            "--password-stdin",
            server.host.rawValue
        )
        login.input = .bytes(Array(password.utf8))
        try await login.output()
    }

    func logout(of server: SecureBerthd) async throws {
        try await Command("skopeo", "logout", "--authfile", file, server.host.rawValue).output()
    }

    func push(as name: String, to server: SecureBerthd) async throws {
        try await Command(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--dest-cert-dir",
            try await certificates(of: server),
            "--authfile",
            file,
            image.ociName,
            "docker://\(name)"
        ).output()
    }

    func pull(_ name: String, from server: SecureBerthd) async throws {
        try await Command(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--src-cert-dir",
            try await certificates(of: server),
            "--authfile",
            file,
            "docker://\(name)",
            "dir:\(folder)/image"
        ).output()
    }
}
