import Glibc
import ImageSpec
import SystemPackage
import Testing

/// Certificates that change while the server runs.
@Suite("Certificates that are read again", .timeLimit(.minutes(5)))
struct CertificateReloadTests {
    @Test(
        "a new pair serves new connections, and a download that is under way ends with the old",
        .needs("curl", "openssl")
    )
    func reload() async throws {
        let bytes = pseudorandomBytes(20_000_000)
        try await TestBench.use { bench in
            let (old, new) = (
                try await TestAuthority(on: bench, named: "old"), try await TestAuthority(on: bench, named: "new")
            )
            let server = try await Self.start(on: bench, by: old)
            let digest = try await server.push(bytes, to: "app")
            let file = bench.folder.appending("got")
            let path = "https://\(server.host)/v2/app/blobs/\(digest)"
            let download = try bench.start(server.curl("--limit-rate", "3M", "--output", file.string, path))
            try await download.wait(for: "first bytes") {
                ((try? contents(ofFileAt: file).count) ?? 0) > 0 ? true : nil
            }

            try await Self.install(new.issue("next"), on: bench)
            try await server.registry.waitForLog("a certificate was read again")
            let trusting = SecureBerthd(host: server.host, process: server.process, authority: new.certificate)
            #expect(try await trusting.curl("/v2/").output() == "{}")
            #expect(try await server.curl("/v2/").run().status == .exited(60), "the old authority doesn't vouch for it")
            #expect(download.status == nil, "the download is still under way")
            #expect(try await download.result(within: .seconds(60)).status == .exited(0))
            #expect(try contents(ofFileAt: file) == bytes)
        }
    }

    @Test(
        "a pair that can't be used changes nothing, and is told of; SIGHUP reads it at once",
        .needs("curl", "openssl")
    )
    func badPair() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let server = try await Self.start(on: bench, by: authority)
            let other = try await authority.issue("other")
            // A certificate whose key is another's.
            try await Command("cp", other.certificate.string, Self.certificate(on: bench).string).output()
            try await server.registry.waitForLog("a new certificate can't be used; the one before stays")
            #expect(server.registry.log.contains("is not that of the certificate in"))
            #expect(try await server.curl("/v2/").output() == "{}")

            try write("nonsense", to: Self.key(on: bench))
            server.process.send(signal: SIGHUP)
            try await server.registry.waitForLog("should hold a private key in PEM")
            #expect(try await server.curl("/v2/").output() == "{}")

            try await Self.install(other, on: bench)
            server.process.send(signal: SIGHUP)
            try await server.registry.waitForLog("a certificate was read again")
            #expect(try await server.curl("/v2/").output() == "{}")
        }
    }

    @Test("a server whose certificate can't be used doesn't start, and says why", .needs("openssl"))
    func unusable() async throws {
        try await TestBench.use { bench in
            let pair = try await TestAuthority(on: bench).issue("one")
            let data = try bench.makeFolder("data")
            var serve = BuiltProgram.berthd.command(["serve", "--listen", "127.0.0.1:0", "--data", data.string])
            serve.environment = ["BERTHD_TLS_CERTIFICATE": pair.certificate.string, "BERTHD_TLS_KEY": "/no/such"]
            let result = try await serve.run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("can't read the private key in '/no/such': No such file or directory"))
            #expect(result.text.isEmpty)
        }
    }

    private static func certificate(on bench: TestBench) -> FilePath { bench.folder.appending("live.crt") }
    private static func key(on bench: TestBench) -> FilePath { bench.folder.appending("live.key") }

    private static func install(_ pair: TestAuthority.Pair, on bench: TestBench) async throws {
        try await Command("cp", pair.certificate.string, certificate(on: bench).string).output()
        try await Command("cp", pair.key.string, key(on: bench).string).output()
    }

    private static func start(on bench: TestBench, by authority: TestAuthority) async throws -> SecureBerthd {
        try await install(authority.issue("first"), on: bench)
        return try await SecureBerthd.start(
            on: bench,
            by: authority,
            environment: [
                "BERTHD_TLS_CERTIFICATE": certificate(on: bench).string, "BERTHD_TLS_KEY": key(on: bench).string,
            ]
        )
    }
}
