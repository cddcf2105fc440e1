import ImageSpec
import SystemPackage

/// Somebody's client of a registry that speaks TLS and asks who is there.
protocol AccountClient: Sendable {
    var title: String { get }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws

    func logout(of server: SecureBerthd) async throws

    /// Pushes an image that it has as `name`.
    func push(as name: String, to server: SecureBerthd) async throws

    /// Pulls `name`, none of which it has.
    func pull(_ name: String, from server: SecureBerthd) async throws
}

/// A Docker Engine of the test's own; it trusts any certificate of this machine's servers.
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

/// podman and buildah, whose options are the same.
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

/// containerd, which keeps no credentials: they are given with each command.
final class ContainerdAccountClient: AccountClient {
    let title = "containerd"
    private let containerd: Containerd
    private let credential = LatestCredential()

    init(on bench: TestBench, _ image: BusyboxImage) async throws {
        containerd = try await Containerd.start(on: bench)
        try await containerd("images", "import", image.dockerArchive.string).output()
    }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws {
        await credential.set(["--user", "\(name):\(password)"])
        // It can't tell whether the password is right before it uses it.
        let status = try await server.curl("--user", "\(name):\(password)", "--fail", "/v2/").run().status
        guard status == .exited(0) else { throw SecureBerthd.UnexpectedStatus(status: "\(status)") }
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

    private func run(_ verb: [String], _ names: [String], _ server: SecureBerthd) async throws {
        let options = ["--tlscacert", server.authority.string] + (await credential.options)
        var command = containerd()
        command.arguments += verb + options + names
        try await command.output()
    }

    private actor LatestCredential {
        private(set) var options: [String] = []

        func set(_ options: [String]) { self.options = options }
    }
}

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
