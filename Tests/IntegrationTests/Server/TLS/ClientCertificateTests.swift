import ImageSpec
import SystemPackage
import Testing

/// Clients that prove who they are by a certificate.
@Suite("Clients' certificates", .timeLimit(.minutes(5)))
struct ClientCertificateTests {
    @Test(
        "where a certificate is required, there is no answer without one that an authority vouches for",
        .needs("curl", "openssl"),
        arguments: ["--http1.1", "--http2"]
    )
    func required(version: String) async throws {
        try await TestBench.use { bench in
            let (clients, strangers) = try await (
                TestAuthority(on: bench, named: "clients"), TestAuthority(on: bench, named: "strangers")
            )
            let server = try await Self.start(on: bench, trusting: clients, "required")
            let (known, unknown) = (try await clients.issue("robot-7"), try await strangers.issue("robot-7"))
            #expect(try await server.curl(version, "/v2/").run().status != .exited(0))
            #expect(try await server.curl([version, "/v2/"] + unknown.flags).run().status != .exited(0))
            #expect(try await server.curl([version, "/v2/"] + known.flags).output() == "{}")
            let line = try await server.registry.accessLine { $0["path"] as? String == "/v2/" }
            #expect(line["certificate"] as? String == "robot-7")
        }
    }

    @Test(
        "where it is optional, a client without one is served, and a stranger's is refused",
        .needs("curl", "openssl")
    )
    func optional() async throws {
        try await TestBench.use { bench in
            let (clients, strangers) = try await (
                TestAuthority(on: bench, named: "clients"), TestAuthority(on: bench, named: "strangers")
            )
            let server = try await Self.start(on: bench, trusting: clients, "optional")
            #expect(try await server.curl("/v2/?without").output() == "{}")
            let line = try await server.registry.accessLine { $0["path"] as? String == "/v2/?without" }
            #expect(line["certificate"] == nil)
            let (known, unknown) = (try await clients.issue("alice"), try await strangers.issue("alice"))
            #expect(try await server.curl(["/v2/?with"] + known.flags).output() == "{}")
            let second = try await server.registry.accessLine { $0["path"] as? String == "/v2/?with" }
            #expect(second["certificate"] as? String == "alice")
            #expect(try await server.curl(["/v2/"] + unknown.flags).run().status != .exited(0))
        }
    }

    @Test(
        "the account's name is what the configuration takes it from",
        .needs("curl", "openssl"),
        arguments: [("common-name", "robot"), ("dns-name", "localhost"), ("email", nil), ("uri", nil)]
    )
    func names(source: String, name: String?) async throws {
        try await TestBench.use { bench in
            let clients = try await TestAuthority(on: bench, named: "clients")
            let server = try await Self.start(
                on: bench,
                trusting: clients,
                "required",
                ["BERTHD_CLIENT_CERTIFICATE_NAME": source]
            )
            #expect(try await server.curl(["/v2/"] + clients.issue("robot").flags).output() == "{}")
            let line = try await server.registry.accessLine { $0["path"] as? String == "/v2/" }
            #expect(line["certificate"] as? String == name)
        }
    }

    @Test("a session that is taken up again has the certificate of its beginning", .needs("curl", "openssl"))
    func resumption() async throws {
        try await TestBench.use { bench in
            let clients = try await TestAuthority(on: bench, named: "clients")
            let server = try await Self.start(on: bench, trusting: clients, "required")
            let pair = try await clients.issue("robot")
            let session = bench.folder.appending("session").string
            for (turn, flag) in [("first", "-sess_out"), ("second", "-sess_in")] {
                var greet = Command(
                    "openssl",
                    ["s_client", "-connect", "\(server.host)", flag, session, "-cert", pair.certificate.string]
                        + ["-key", pair.key.string, "-ign_eof", "-tls1_2"]
                )
                greet.input = .bytes(
                    Array("GET /v2/?\(turn) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
                )
                let result = try await greet.run()
                #expect(result.text.contains("HTTP/1.1 200"), "\(turn): \(result.text) \(result.errorText)")
                let line = try await server.registry.accessLine { $0["path"] as? String == "/v2/?\(turn)" }
                #expect(line["certificate"] as? String == "robot")
            }
        }
    }

    private static func start(
        on bench: TestBench,
        trusting clients: TestAuthority,
        _ mode: String,
        _ environment: [String: String] = [:]
    ) async throws -> SecureBerthd {
        let own = [
            "BERTHD_TLS_CLIENT_AUTHORITIES": clients.certificate.string, "BERTHD_TLS_CLIENT_CERTIFICATES": mode,
            "BERTHD_LOG_FORMAT": "json",
        ]
        return try await SecureBerthd.start(
            on: bench,
            by: TestAuthority(on: bench),
            environment: own.merging(environment) { $1 }
        )
    }
}

extension TestAuthority.Pair {
    /// curl's flags for it.
    fileprivate var flags: [String] { ["--cert", certificate.string, "--key", key.string] }
}
