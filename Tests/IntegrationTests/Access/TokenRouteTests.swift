import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("The token service's addresses")
struct TokenRouteTests {
    /// A server where nobody may do anything, for it has been told of a token service whose keys it can't have.
    private static func closed(on bench: TestBench, _ settings: String = "") async throws -> RunningRegistry {
        let file = bench.folder.appending("closed.yaml")
        try write(
            """
            \(settings)
            external_tokens:
              - {issuer: nobody, service: nowhere, keys: /nowhere/keys.pem}
            """,
            to: file
        )
        return try await Berthd.start(on: bench, arguments: ["--config", file.string])
    }

    @Test("give nobody in particular a token that allows nothing, under both of its names and with its end")
    func anonymous() async throws {
        try await TestBench.use { bench in
            let registry = try await Self.closed(on: bench)
            let reply = try await registry.call(
                .GET,
                "/auth/token?service=berth&scope=repository%3Ateam%2Fapp%3Apull%2Cpush&client_id=test"
            )
            #expect(reply.headers["cache-control"] == ["no-store"])
            let body = try JSONValue(parsing: reply.body)
            #expect(body["token"] == body["access_token"])
            #expect(body["expires_in"] == .integer(300))
            #expect(body["issued_at"]?.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
            #expect(body["refresh_token"] == nil)
            let token = try TokenReply(reply)
            #expect(token.access == [])
            #expect(token.claims["iss"] == .string("berth"))
            #expect(token.claims["aud"] == .string("berth"))
        }
    }

    @Test("publish the keys, which are the same after a restart")
    func keys() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let first = try await Berthd.start(on: bench, folder: folder)
            let reply = try await first.call(.GET, "/auth/keys")
            #expect(reply.status == 200)
            #expect(reply.headers["cache-control"] == ["public, max-age=600"])
            guard case .array(let keys)? = try JSONValue(parsing: reply.body)["keys"] else {
                Issue.record("\(reply.text)")
                return
            }
            let token = try TokenReply(await first.call(.GET, "/auth/token")).token
            #expect(try keys.map { $0["kid"] } == [OpenIDProvider.part(0, of: token)["kid"]])
            #expect(keys[0]["d"] == nil)
            #expect(keys[0]["alg"] == .string("ES256"))
            await first.process.stop()
            let second = try await Berthd.start(on: bench, folder: folder)
            #expect(try await second.call(.GET, "/auth/keys").text == reply.text)
            #expect(try await second.call(.HEAD, "/auth/keys").body.isEmpty)
        }
    }

    @Test("give tokens as they are configured")
    func configured() async throws {
        try await TestBench.use { bench in
            let registry = try await Self.closed(
                on: bench,
                """
                token_issuer: https://registry.example.com
                token_service: registry.example.com:5000
                token_ttl: 1m
                token_algorithm: EdDSA
                """
            )
            let reply = try await registry.call(.GET, "/auth/token")
            let token = try TokenReply(reply)
            #expect(token.claims["iss"] == .string("https://registry.example.com"))
            #expect(token.claims["aud"] == .string("registry.example.com:5000"))
            #expect(try JSONValue(parsing: reply.body)["expires_in"] == .integer(60))
            #expect(try OpenIDProvider.part(0, of: token.token)["alg"] == .string("EdDSA"))
        }
    }

    @Test("are told to clients under the name that the configuration gives the server")
    func publicURL() async throws {
        try await TestBench.use { bench in
            let registry = try await Self.closed(on: bench, "public_url: https://registry.example.com:8443")
            let challenge = try await registry.call(.GET, "/v2/").headers["www-authenticate"].first
            #expect(challenge?.contains(#"realm="https://registry.example.com:8443/auth/token""#) == true)
        }
    }

    @Test("tell a wrong login by either way that it is wrong")
    func wrongLogin() async throws {
        try await TestBench.use { bench in
            let registry = try await Self.closed(on: bench)
            for path in [
                "/auth/token", "/auth/token?scope=repository:team/app:pull", "/auth/token?account=a&service=b",
            ] {
                let reply = try await registry.call(.GET, path, headers: .basic("alice", "wrong"))
                #expect(reply.status == 401)
                #expect(reply.errorCodes == ["UNAUTHORIZED"])
                #expect(reply.headers["www-authenticate"] == ["Basic realm=\"berth\", charset=\"UTF-8\""])
            }
            for form in [
                "grant_type=password&username=alice&password=wrong&service=berth",
                "grant_type=refresh_token&refresh_token=wrong&scope=repository%3Ateam%2Fapp%3Apull",
            ] {
                let reply = try await registry.call(
                    .POST,
                    "/auth/token",
                    headers: ["content-type": "application/x-www-form-urlencoded"],
                    body: Array(form.utf8)
                )
                #expect(reply.status == 401)
                #expect(!reply.text.contains("wrong&"))
            }
        }
    }

    @Test("refuse what is no question to them")
    func malformed() async throws {
        try await TestBench.use { bench in
            let registry = try await Self.closed(on: bench)
            for form in [
                "", "grant_type=password", "grant_type=password&username=a", "grant_type=refresh_token",
                "grant_type=client_credentials", "grant_type=refresh_token&refresh_token=", "%ff=%ff&&&=&grant_type",
            ] {
                let reply = try await registry.call(.POST, "/auth/token", body: Array(form.utf8))
                #expect(reply.status == 400, "\(form)")
            }
            let long = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
            #expect(try await registry.call(.POST, "/auth/token", body: long).status == 413)
            let scopes = (0..<100).map { "scope=repository:a/b\($0):pull" }.joined(separator: "&")
            #expect(try await registry.call(.GET, "/auth/token?\(scopes)").status == 400)
            #expect(try await registry.call(.GET, "/auth/token", headers: ["authorization": "Digest x"]).status == 400)
            for token in ["", "x", "a.b.c", "eyJ..", String(repeating: "e", count: 9000)] {
                let reply = try await registry.call(.GET, "/auth/token", headers: .bearer(token))
                #expect([400, 401].contains(reply.status), "\(token.prefix(10))")
            }
            for method: HTTPMethod in [.PUT, .DELETE, .PATCH, .OPTIONS] {
                let reply = try await registry.call(method, "/auth/token")
                #expect(reply.status == 405)
                #expect(reply.headers["allow"] == ["GET, POST"])
            }
            #expect(try await registry.call(.POST, "/auth/keys").status == 405)
            #expect(try await registry.call(.GET, "/auth").status == 404)
        }
    }
}
