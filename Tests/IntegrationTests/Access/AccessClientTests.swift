import ImageSpec
import SystemPackage
import Testing

/// Real clients of a server that speaks TLS and has accounts.
@Suite(
    "Clients with and without a login",
    .timeLimit(.minutes(10)),
    .needs("dockerd", "containerd", "podman", "buildah", "skopeo", "umoci", "docker-registry")
)
struct AccessClientTests {
    enum Kind: String, CaseIterable, Sendable {
        case docker
        case containerd
        case podman
        case buildah
        case skopeo
        case berth
    }

    @Test(
        "push, pull and mount what their account may, anybody's what is public, and nothing else",
        arguments: Kind.allCases
    )
    func clients(kind: Kind) async throws {
        try await TestBench.use { bench in
            let hub = try await Self.privateHub(on: bench)
            let folder = try bench.makeFolder("data")
            _ = try await TestAccounts.make(in: folder)
            let configuration = bench.folder.appending("berthd.yaml")
            let password = bench.folder.appending("hub.password")
            try write("\(PasswordRegistry.username):\(PasswordRegistry.password)\n", to: password)
            try write(
                """
                upstreams:
                  hub.test:
                    endpoints: [{url: 'http://\(hub.host)', credentials_file: '\(password)'}]

                """,
                to: configuration
            )
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                folder: folder,
                arguments: ["--config", configuration.string]
            )
            let client = try await Self.client(kind, on: bench)
            let (open, secret) = (server.name("open/app"), server.name("secret/app"))
            let cached = server.name("hub.test/team/app")

            // Whoever isn't logged in, pushes nothing.
            await #expect(throws: CommandError.self) { try await client.push(as: open, to: server) }
            await #expect(throws: (any Error).self) {
                try await client.login(as: "writer", "guessed", to: server)
            }
            try await client.login(as: "writer", TestAccounts.password, to: server)
            try await client.push(as: open, to: server)
            // The same layers, which a client mounts.
            try await client.push(as: secret, to: server)
            try await client.pull(secret, from: server)
            try await client.logout(of: server)

            try await client.pull(open, from: server)
            await #expect(throws: CommandError.self) { try await client.pull(secret, from: server) }
            await #expect(throws: CommandError.self) { try await client.pull(cached, from: server) }

            // By an account that may not read it, it isn't there.
            try await client.login(as: "stranger", TestAccounts.password, to: server)
            try await client.pull(open, from: server)
            await #expect(throws: CommandError.self) { try await client.pull(secret, from: server) }
            // By a new name: containerd sends nothing of what is there already.
            let (openOther, secretOther) = (server.name("open/other"), server.name("secret/other"))
            await #expect(throws: CommandError.self) { try await client.push(as: openOther, to: server) }
            try await client.logout(of: server)

            // Reading isn't writing.
            try await client.login(as: "reader", TestAccounts.password, to: server)
            try await client.pull(secret, from: server)
            try await client.pull(cached, from: server)
            await #expect(throws: CommandError.self) { try await client.push(as: secretOther, to: server) }

            // A login that has ended keeps nobody from what is public.
            _ = try await AdministrationBench.user(["disable", "reader"], in: folder)
            let path = "/v2/"
            let login = ["--user", "reader:\(TestAccounts.password)", "--output", "/dev/null"]
            let ended = try await poll(within: .seconds(10)) {
                let words = login + ["--write-out", "%{http_code}", path]
                return try await server.curl(words).output() == "401" ? true : nil
            }
            #expect(ended == true)
            try await client.pull(open, from: server)
            await #expect(throws: CommandError.self) { try await client.pull(secret, from: server) }

            let log = String(decoding: server.process.errorSoFar, as: UTF8.self)
            #expect(!log.contains(TestAccounts.password) && !log.contains("berth_ref_") && !log.contains("eyJ"))
        }
    }

    /// Another registry, which lets nobody have anything without a password.
    private static func privateHub(on bench: TestBench) async throws -> RunningRegistry {
        let hub = try await PasswordRegistry.start(on: bench)
        try await Skopeo.copy(
            BusyboxImage.shared().ociName,
            to: "docker://\(hub.name("team/app"))",
            "--dest-creds",
            "\(PasswordRegistry.username):\(PasswordRegistry.password)"
        )
        return hub
    }

    private static func client(_ kind: Kind, on bench: TestBench) async throws -> any AccountClient {
        let image = try await BusyboxImage.shared()
        return switch kind {
        case .docker: try await DockerAccountClient(on: bench, image)
        case .containerd: try await ContainerdAccountClient(on: bench, image)
        case .podman, .buildah: try ContainersAccountClient(kind.rawValue, on: bench, image)
        case .skopeo: try SkopeoAccountClient(on: bench, image)
        case .berth: try await BerthAccountClient(on: bench)
        }
    }
}
