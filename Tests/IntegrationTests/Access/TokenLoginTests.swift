import Access
import ImageSpec
import Logging
import NIOHTTP1
import Registry
import Storage
import SystemPackage
import Testing

@Suite("Logins by tokens")
struct TokenLoginTests {
    private static let password = "correct horse battery staple"
    private static let scope = "scope=repository:team/app:pull,push"

    /// A server where alice may push to team, and everybody may pull from public; and the accounts that it has.
    private static func use(
        settings: String = "",
        _ body: @escaping @Sendable (RunningRegistry, AccessControl) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let metadata = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            var configuration = AccessConfiguration()
            configuration.passwordCost = 4
            let access = try await AccessControl(
                metadata: metadata,
                configuration: configuration,
                logger: Logger(label: "test")
            )
            let alice = try AccountName("alice")
            try await access.addPerson(alice, password: password)
            try await access.grant(Grant(.account(alice), try Scope("team/**:pull,push")))
            try await access.grant(Grant(.everyone, try Scope("public/**:pull")))
            let file = bench.folder.appending("berthd.yaml")
            try write(settings + "\naccess_log: false\n", to: file)
            let server = try await Berthd.start(on: bench, folder: folder, arguments: ["--config", file.string])
            try await body(server, access)
            try metadata.close()
        }
    }

    private static func token(
        _ server: RunningRegistry,
        _ query: String,
        _ headers: HTTPHeaders = .basic("alice", password)
    ) async throws -> TokenReply {
        try TokenReply(await server.call(.GET, "/auth/token?\(query)", headers: headers))
    }

    private static func status(
        _ server: RunningRegistry,
        _ method: HTTPMethod,
        _ path: String,
        _ token: String
    ) async throws -> Int {
        try await server.call(method, path, headers: .bearer(token)).status
    }

    @Test("are asked for in the way that clients know, and the token opens what the challenge was about")
    func challenge() async throws {
        try await Self.use { server, _ in
            let refused = try await server.call(.POST, "/v2/team/app/blobs/uploads/")
            #expect(refused.status == 401)
            let challenge = try #require(refused.headers["www-authenticate"].first)
            let match = try #require(
                try /^Bearer realm="([^"]+)",service="([^"]+)",scope="([^"]+)"/.firstMatch(in: challenge)
            )
            #expect(match.3 == "repository:team/app:pull,push")
            let url = "\(match.1)?service=\(match.2)&scope=\(match.3)"
            let reply = try await server.call(.GET, url, headers: .basic("alice", Self.password))
            let token = try TokenReply(reply).token
            #expect(try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", token) == 202)
            #expect(try await Self.status(server, .GET, "/v2/", token) == 200)
            // It is for no other repository, nor for more than it was asked for.
            let other = try await server.call(.POST, "/v2/team/other/blobs/uploads/", headers: .bearer(token))
            #expect([401, 404].contains(other.status))
            let narrow = try await Self.token(server, "scope=repository:team/app:pull").token
            let push = try await server.call(.POST, "/v2/team/app/blobs/uploads/", headers: .bearer(narrow))
            #expect([401, 403, 404].contains(push.status))
        }
    }

    @Test("that are wrong or of yesterday keep nobody from what is public")
    func wrongLogin() async throws {
        try await Self.use { server, _ in
            let wrong = HTTPHeaders.basic("alice", "wrong")
            let login = try await server.call(.GET, "/auth/token?service=berth", headers: wrong)
            #expect(login.status == 401)
            let token = try await Self.token(server, "scope=repository:public/app:pull", wrong)
            #expect(token.access == ["public/app:pull"])
            let more = try await server.call(.GET, "/auth/token?\(Self.scope)", headers: wrong)
            #expect(more.status == 401)
        }
    }

    @Test("give refresh tokens, which are good until the password changes, and so are the tokens made from them")
    func refreshTokens() async throws {
        try await Self.use { server, access in
            let alice = try AccountName("alice")
            let login = try await server.call(
                .GET,
                "/auth/token?service=berth&offline_token=true&client_id=docker",
                headers: .basic("alice", Self.password)
            )
            let refresh = try #require(try JSONValue(parsing: login.body)["refresh_token"]?.string)
            let form = Array(
                "grant_type=refresh_token&service=berth&client_id=docker&\(Self.scope)&refresh_token=\(refresh)".utf8
            )
            let exchanged = try TokenReply(await server.call(.POST, "/auth/token", body: form))
            #expect(exchanged.access == ["team/app:pull,push"])
            #expect(try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", exchanged.token) == 202)
            try await access.reload()
            try await access.setPassword("another long password", of: alice)
            // The server hears of it from the database.
            let status = try await poll(within: .seconds(5)) {
                let status = try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", exchanged.token)
                return status == 202 ? nil : status
            }
            // Not that alice may not: that the token is none any more.
            #expect(status == 401)
            #expect(try await server.call(.POST, "/auth/token", body: form).status == 401)
        }
    }

    @Test("count for less as soon as a grant ends")
    func revokedGrant() async throws {
        try await Self.use { server, access in
            let token = try await Self.token(server, Self.scope).token
            #expect(try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", token) == 202)
            try await access.revokeGrant(
                to: .account(try AccountName("alice")),
                on: try RepositoryPattern("team/**")
            )
            let status = try await poll(within: .seconds(5)) {
                let status = try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", token)
                return status == 202 ? nil : status
            }
            #expect(status == 403)
        }
    }

    @Test("for the list of repositories show what their holder may read, and open none of it")
    func catalog() async throws {
        try await Self.use { server, access in
            try await access.setAdministrator(true, try AccountName("alice"))
            _ = try await poll(within: .seconds(5)) {
                let token = try await Self.token(server, "scope=repository:team/app:delete")
                return token.access == [] ? nil : true
            }
            try await AccessBench.push(
                to: "team/app",
                server,
                try #require(HTTPHeaders.basic("alice", Self.password)["authorization"].first)
            )
            let token = try await Self.token(server, "scope=registry:catalog:*").token
            let list = try await server.call(.GET, "/v2/_catalog", headers: .bearer(token))
            #expect(list.text == #"{"repositories":["team/app"]}"#)
            let manifest = try await Self.status(server, .GET, "/v2/team/app/manifests/latest", token)
            #expect([401, 404].contains(manifest))
            let narrow = try await Self.token(server, "scope=repository:other/app:pull").token
            let less = try await server.call(.GET, "/v2/_catalog", headers: .bearer(narrow))
            #expect(!less.text.contains("team/app"))
        }
    }

    @Test("by another's token for an account here give nothing that outlives that token")
    func federatedAccount() async throws {
        try await OpenIDProvider.use { provider, _ in
            let settings = """
                oidc:
                  - issuer: \(provider.address)
                    audiences: [\(OpenIDProvider.audience)]
                    rules:
                      - when: user == "alice"
                        account: ${user}
                """
            try await Self.use(settings: settings) { server, _ in
                let token = try provider.token(["user": .string("alice")])
                let path = "/auth/token?offline_token=true&\(Self.scope)"
                let reply = try await server.call(.GET, path, headers: .basic("oidc", token))
                #expect(try JSONValue(parsing: reply.body)["refresh_token"] == nil)
                #expect(try TokenReply(reply).access == ["team/app:pull,push"])
                #expect(try TokenReply(reply).claims["sub"] == .string("alice"))
                // As it is, without an exchange.
                #expect(try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", token) == 202)
                let direct = try await server.call(
                    .POST,
                    "/v2/team/app/blobs/uploads/",
                    headers: .basic("oidc", token)
                )
                #expect(direct.status == 202)
                let other = try provider.token(["user": .string("bob")])
                #expect(try await Self.status(server, .POST, "/v2/team/app/blobs/uploads/", other) == 401)
            }
        }
    }
}
