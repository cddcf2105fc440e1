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
