import ImageSpec
import NIOCore
import NIOHTTP1
import RegistryClient
import Testing

@Suite("Registry tokens", .timeLimit(.minutes(2)))
struct TokenTests {
    private static let token = "a.b-c"

    @Test("an anonymous token is fetched once and sent with each request, and to no other host")
    func anonymousToken() async throws {
        let repository = try RepositoryName("team/app")
        let content = Array("content".utf8)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(body: content)
        } _: { storage in
            let storagePort = storage.port
            try await ScriptedRegistry.use { request in
                Self.answer(request, blobsAt: "http://localhost:\(storagePort)/blob")
            } _: { server in
                let client = try RegistryClient(registry: server.host)
                for _ in 0..<2 {
                    for try await _ in try client.blob(descriptor, in: repository) {}
                }
                #expect(server.requests.filter { $0.uri.hasPrefix("/token") }.count == 1)
                #expect(server.requests.compactMap { $0.header("Authorization") } == ["Bearer a.b-c", "Bearer a.b-c"])
                #expect(storage.requests.count == 2)
                #expect(storage.requests.allSatisfy { $0.header("Authorization") == nil })
            }
        }
    }

    @Test("a registry that refuses its own tokens is not asked for ever")
    func refusedToken() async throws {
        try await ScriptedRegistry.use { request in
            request.uri.hasPrefix("/token")
                ? ScriptedAnswer(body: Array(#"{"token":"x"}"#.utf8)) : Self.challenge(request)
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            await #expect(throws: RegistryClientError.self) {
                try await client.manifest(.tag(.latest), in: RepositoryName("app"))
            }
            #expect(server.requests.count == 3)
        }
    }

    @Test("many requests at once fetch one token")
    func oneTokenForMany() async throws {
        let content = Array("content".utf8)
        try await ScriptedRegistry.use { request in
            let isBlob = request.header("Authorization") == "Bearer \(Self.token)"
            return isBlob ? ScriptedAnswer(body: content) : Self.answer(request, blobsAt: "")
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let blob = try client.blob(
                Descriptor(mediaType: .ociLayer, content: content),
                in: RepositoryName("team/app")
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 { group.addTask { for try await _ in blob {} } }
                try await group.waitForAll()
            }
            #expect(server.requests.filter { $0.uri.hasPrefix("/token") }.count == 1)
        }
    }

    @Test("a host that the registry redirects to gets no credential, whatever it asks for", arguments: [false, true])
    func phishingByRedirect(asksForPassword: Bool) async throws {
        try await ScriptedRegistry.use { request in
            asksForPassword ? .status(.unauthorized, ("WWW-Authenticate", "Basic realm=x")) : Self.challenge(request)
        } _: { thief in
            let target = "http://localhost:\(thief.port)/v2/"
            try await ScriptedRegistry.use { request in
                request.header("Authorization") == nil
                    ? .status(.unauthorized, ("WWW-Authenticate", "Basic realm=x"))
                    : .status(.temporaryRedirect, ("Location", target))
            } _: { server in
                let client = try Self.client(of: server)
                await #expect(throws: RegistryClientError.self) {
                    try await client.manifest(.tag(.latest), in: RepositoryName("app"))
                }
                #expect(server.requests.contains { $0.header("Authorization") == "Basic dXNlcjpzZWNyZXQ=" })
                #expect(thief.requests.count == 1)
                #expect(thief.requests.allSatisfy { $0.header("Authorization") == nil })
            }
        }
    }

    @Test(
        "a credential goes to no token service in plain HTTP, unless that is this machine or the registry's host",
        arguments: ["http://192.0.2.1/token", "ftp://127.0.0.1/token", "http://a:b@127.0.0.1/token", "//x", ""]
    )
    func phishingByRealm(realm: String) async throws {
        try await ScriptedRegistry.use { _ in
            .status(.unauthorized, ("WWW-Authenticate", #"Bearer realm="\#(realm)""#))
        } _: { server in
            let client = try Self.client(of: server)
            let error = await #expect(throws: RegistryClientError.self) {
                try await client.manifest(.tag(.latest), in: RepositoryName("app"))
            }
            switch error {
            case .forbiddenRealm, .invalidAddress: break
            default: Issue.record("another error: \(String(describing: error))")
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("a token service's answer without an end is given up, and one that holds no token is told")
    func strangeTokens() async throws {
        let bodies = [
            "[]", #"{"token":"a b"}"#, #"{"token":""}"#, #"{"token":"\n"}"#, String(repeating: " ", count: 300_000),
        ]
        for body in bodies {
            try await ScriptedRegistry.use { request in
                guard request.uri.hasPrefix("/token") else { return Self.challenge(request) }
                var answer = ScriptedAnswer(body: Array(body.utf8))
                if body.count > 1000 { answer.ending = .never }
                return answer
            } _: { server in
                await #expect(throws: RegistryClientError.self) {
                    try await RegistryClient(registry: server.host).manifest(.tag(.latest), in: RepositoryName("app"))
                }
                #expect(server.requests.count == 2)
            }
        }
    }

    @Test("a mount asks for the right to read where the blob comes from, even if the registry doesn't")
    func mountScope() async throws {
        try await ScriptedRegistry.use { request in
            if request.uri.hasPrefix("/token?") { return ScriptedAnswer(body: Array(#"{"token":"t"}"#.utf8)) }
            guard request.header("Authorization") != nil else { return Self.challenge(request) }
            return request.method == .HEAD ? .status(.notFound) : .status(.created)
        } _: { server in
            let push = try await RegistryClient(registry: server.host).push(
                Descriptor(mediaType: .ociLayer, content: Array("x".utf8)),
                to: RepositoryName("team/app"),
                mountingFrom: RepositoryName("team/base"),
                content: AsyncStream<ByteBuffer> { $0.finish() }
            )
            #expect(push == .mounted)
            let questions = server.requests.map(\.uri).filter { $0.hasPrefix("/token?") }
            #expect(questions.last?.contains("scope=repository:team/base:pull") == true)
        }
    }

    private static func client(of server: ScriptedRegistry) throws -> RegistryClient {
        var configuration = RegistryClient.Configuration()
        configuration.credentials = { host, _ in
            host == server.host ? .password(username: "user", password: "secret") : nil
        }
        return try RegistryClient(registry: server.host, configuration: configuration)
    }

    private static func answer(_ request: ScriptedRequest, blobsAt location: String) -> ScriptedAnswer {
        if request.uri.hasPrefix("/token?") {
            let isRight = request.uri.contains("scope=repository:team/app:pull") && request.uri.contains("service=s")
            return isRight ? ScriptedAnswer(body: Array(#"{"access_token":"a.b-c"}"#.utf8)) : .status(.badRequest)
        }
        guard request.header("Authorization") == "Bearer \(token)" else { return challenge(request) }
        return .status(.temporaryRedirect, ("Location", location))
    }

    private static func challenge(_ request: ScriptedRequest) -> ScriptedAnswer {
        let realm = "http://\(request.header("Host") ?? "")/token"
        return .status(
            .unauthorized,
            ("WWW-Authenticate", #"Bearer realm="\#(realm)",service="s",scope="repository:team/app:pull""#)
        )
    }
}
