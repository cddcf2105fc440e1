import SystemPackage
import Testing

@Suite("Accounts by certificate", .timeLimit(.minutes(1)), .needs("curl", "openssl"))
struct CertificateAccountTests {
    @Test("may what their account may; one that stands for no account, and none, are nobody")
    func certificates() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let authorizations = try await TestAccounts.make(in: folder)
            let clients = try await TestAuthority(on: bench, named: "clients")
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                folder: folder,
                environment: ["BERTHD_TLS_CLIENT_AUTHORITIES": clients.certificate.string]
            )
            let root = ["--header", "authorization: \(authorizations["root"] ?? "")"]
            let push = server.curl(
                root + ["--request", "POST", "--data", "", "/v2/secret/app/blobs/uploads/?digest=\(Self.emptyDigest)"]
            )
            try await push.output()
            let status = { @Sendable (name: String?, extra: [String]) async throws -> String in
                var flags = extra + ["--output", "/dev/null", "--write-out", "%{http_code}"]
                if let name {
                    let pair = try await clients.issue(name)
                    flags += ["--cert", pair.certificate.string, "--key", pair.key.string]
                }
                return try await server.curl(flags + ["/v2/secret/app/blobs/\(Self.emptyDigest)"]).output()
            }
            #expect(try await status("reader", []) == "200")
            #expect(try await status("stranger", []) == "404")
            #expect(try await status("ghost", []) == "401")
            #expect(try await status(nil, []) == "401")
            // What the request says goes before.
            #expect(try await status("reader", ["--user", "stranger:\(TestAccounts.password)"]) == "404")
            _ = try await AdministrationBench.user(["disable", "reader"], in: folder)
            let ended = try await poll(within: .seconds(10)) { try await status("reader", []) == "401" ? true : nil }
            #expect(ended == true)
        }
    }

    /// Of no bytes at all.
    private static let emptyDigest =
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
