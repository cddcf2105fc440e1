import ImageSpec
import SystemPackage
import Testing

@Suite("Token services of others")
struct ExternalTokenServiceTests {
    @Test("are believed by their certificate, and their tokens are exchanged for what they say")
    func certificate() async throws {
        try await TestBench.use { bench in
            let signer = try await TokenSigner.make(on: bench)
            let file = bench.folder.appending("external.yaml")
            try write(
                """
                external_tokens:
                  - {issuer: \(TokenSigner.issuer), service: \(TokenSigner.service), keys: '\(signer.certificate)'}
                """,
                to: file
            )
            let registry = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            let token = try await signer.token(access: [("team/app", ["pull"]), ("team/other", ["push", "*"])])
            let path = "/auth/token?scope=repository:team/app:pull,push%20repository:team/other:*"
            let reply = try TokenReply(await registry.call(.GET, path, headers: .bearer(token)))
            #expect(reply.access == ["team/app:pull", "team/other:pull,push,delete"])

            let stranger = try await TestBench.use { other in
                try await TokenSigner.make(on: other).token(access: [("team/app", ["pull"])])
            }
            #expect(try await registry.call(.GET, path, headers: .bearer(stranger)).status == 401)
        }
    }
}
