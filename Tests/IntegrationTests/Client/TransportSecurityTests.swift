import ImageSpec
import SystemPackage
import Testing

/// Registries behind TLS, and what docker's and containerd's folders say about them.
@Suite("Certificates and hosts", .timeLimit(.minutes(3)))
struct TransportSecurityTests {
    @Test(
        "a registry proves who it is by the authority in docker's folder, and we by our certificate there",
        .needs("docker-registry", "openssl", "skopeo", "umoci")
    )
    func certificates() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let registry = try await Self.startRegistry(on: bench, by: authority, clientsOf: authority)
            let berth = try Berth(on: bench)
            let name = try await berth.importBusybox(as: registry.name("team/busybox"))
            let folder = berth.home.appending(".config/docker/certs.d/\(registry.host)")
            try makeFolder(folder)

            let stranger = try await TestAuthority(on: bench, named: "stranger")
            try await copy(stranger.certificate, to: folder.appending("ca.crt"))
            let untrusted = try await berth("push", name).run()
            #expect(untrusted.status == .exited(1))
            #expect(untrusted.errorText.contains("nobody who is trusted here vouches for its certificate"))

            try await copy(authority.certificate, to: folder.appending("ca.crt"))
            #expect(try await berth("push", name).run().errorText.contains("certificate of its clients"))

            let client = try await authority.issue("client")
            try await copy(client.certificate, to: folder.appending("client.cert"))
            #expect(try await berth("push", name).run().errorText.contains("client.key, is missing"))
            try await copy(client.key, to: folder.appending("client.key"))
            try await berth("push", name).output()
            try await berth("rmi", name).output()
            try await berth("pull", name).output()
        }
    }

    @Test(
        "a hosts file of containerd's names mirrors, authorities, our certificate and headers",
        .needs("docker-registry", "openssl", "skopeo", "umoci")
    )
    func hostsFile() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let registry = try await Self.startRegistry(on: bench, by: authority, clientsOf: authority)
            let client = try await authority.issue("client")
            try await ScriptedRegistry.use { _ in
                .status(.notFound)
            } _: { mirror in
                let berth = try Berth(on: bench)
                let folder = berth.home.appending(".config/containerd/certs.d/registry.example")
                try makeFolder(folder)
                try await copy(authority.certificate, to: folder.appending("ca.pem"))
                try write(
                    """
                    server = "https://\(registry.host)"
                    ca = "ca.pem"
                    client = [["\(client.certificate)", "\(client.key)"]]

                    [host."http://\(mirror.host)"]
                      capabilities = ["pull", "resolve"]
                      [host."http://\(mirror.host)".header]
                        x-meta = "one"
                    """,
                    to: folder.appending("hosts.toml")
                )
                let name = try await berth.importBusybox(as: "registry.example/team/busybox:1")
                try await berth("push", name).output()
                try await berth("rmi", name).output()
                let pull = try await berth("pull", name).run()
                #expect(pull.status == .exited(0), "\(pull.errorText)")
                #expect(pull.errorText.contains("the mirror \(mirror.host) is passed over"))
                #expect(mirror.requests.map(\.uri) == ["/v2/team/busybox/manifests/1?ns=registry.example"])
                #expect(mirror.requests.first?.header("X-Meta") == "one")
            }
        }
    }

    @Test(
        "an insecure registry need not prove who it is, and may speak plain HTTP",
        .needs("docker-registry", "openssl", "skopeo", "umoci"),
        arguments: [true, false]
    )
    func insecure(speaksTLS: Bool) async throws {
        try await TestBench.use { bench in
            let registry =
                speaksTLS
                ? try await Self.startRegistry(on: bench, by: TestAuthority(on: bench))
                : try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            try berth.configure("insecure_registries: [\"\(registry.host)\"]\n")
            let name = try await berth.importBusybox(as: registry.name("team/busybox"))
            try await berth("push", name).output()
            try await berth("pull", name).output()
        }
    }

    @Test(
        "a registry over HTTPS that names a token service in plain HTTP gets no login there",
        .needs("docker-registry", "openssl")
    )
    func plainTokenService() async throws {
        try await TestBench.use { bench in
            try await TokenRegistry.use(on: bench, isOverHTTPS: true) { server in
                let berth = try Berth(on: bench)
                try berth.configure("insecure_registries: [\"\(server.registry.host)\"]\n")
                let login = try await berth.login(server.registry.host.rawValue, as: "team", "let me in").run()
                #expect(login.status == .exited(1) && login.errorText.contains("it should be an https address"))
                #expect(server.tokenService.requests.isEmpty)
            }
        }
    }

    private static func startRegistry(
        on bench: TestBench,
        by authority: TestAuthority,
        clientsOf clients: TestAuthority? = nil
    ) async throws -> RunningRegistry {
        let pair = try await authority.issue("server")
        let clientSetting = clients.map { ", clientcas: [\($0.certificate)]" } ?? ""
        return try await DockerRegistry.start(
            on: bench,
            httpSettings: "tls: {certificate: \(pair.certificate), key: \(pair.key)\(clientSetting)}"
        )
    }

    private func copy(_ source: FilePath, to target: FilePath) async throws {
        try await Command("cp", source.string, target.string).output()
    }
}
