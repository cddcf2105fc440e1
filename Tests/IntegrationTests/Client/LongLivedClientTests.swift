import FoundationEssentials
import ImageSpec
import NIOHTTP1
import RegistryClient
import Synchronization
import Testing

/// A client that is used for longer than what it once learnt is true.
@Suite("Clients that live long", .timeLimit(.minutes(2)))
struct LongLivedClientTests {
    /// What the registry does from now on.
    private final class Registry: Sendable {
        private let state = Mutex((token: 1, secret: "old", tokenStatus: HTTPResponseStatus.ok, isBasic: false))

        /// Makes the tokens that were given worthless.
        func revoke() { state.withLock { $0.token += 1 } }
        func change(secret: String) { state.withLock { $0.secret = secret } }
        func answerTokens(with status: HTTPResponseStatus) { state.withLock { $0.tokenStatus = status } }
        func wantPasswords(_ isBasic: Bool) { state.withLock { $0.isBasic = isBasic } }

        func answer(_ request: ScriptedRequest) -> ScriptedAnswer {
            let now = state.withLock { $0 }
            let password = "Basic " + Data("user:\(now.secret)".utf8).base64EncodedString()
            if request.uri.hasPrefix("/token") {
                guard now.tokenStatus == .ok else { return .status(now.tokenStatus) }
                guard request.header("Authorization") == password else { return .status(.unauthorized) }
                return ScriptedAnswer(body: Array(#"{"token":"token\#(now.token)"}"#.utf8))
            }
            if now.isBasic {
                return request.header("Authorization") == password
                    ? ScriptedAnswer(body: Array("content".utf8))
                    : .status(.unauthorized, ("WWW-Authenticate", "Basic realm=x"))
            }
            guard request.header("Authorization") == "Bearer token\(now.token)" else {
                let realm = "http://\(request.header("Host") ?? "")/token"
                return .status(.unauthorized, ("WWW-Authenticate", #"Bearer realm="\#(realm)",service="s""#))
            }
            return ScriptedAnswer(body: Array("content".utf8))
        }
    }

    /// Gives a secret, and counts who asks for it and who complains.
    private final class Secrets: Sendable {
        private let state = Mutex((secret: "old", refused: 0))
        var refused: Int { state.withLock { $0.refused } }
        var secret: String { state.withLock { $0.secret } }

        func refuse() {
            state.withLock { state in
                state.secret = "new"
                state.refused += 1
            }
        }
    }

    private func withClient(
        isToken: Bool = false,
        _ body: @Sendable (Registry, Secrets, RegistryClient, ScriptedRegistry) async throws -> Void
    ) async throws {
        let (registry, secrets) = (Registry(), Secrets())
        try await ScriptedRegistry.use {
            registry.answer($0)
        } _: { server in
            var configuration = RegistryClient.Configuration()
            configuration.retries.maximumAttempts = 1
            configuration.credentials = { _, _ in
                isToken ? .registryToken(secrets.secret) : .password(username: "user", password: secrets.secret)
            }
            configuration.onRefusal = { _ in secrets.refuse() }
            try await body(
                registry,
                secrets,
                RegistryClient(registry: server.host, configuration: configuration),
                server
            )
        }
    }

    private func pull(_ client: RegistryClient) async throws {
        let descriptor = Descriptor(mediaType: .ociLayer, content: Array("content".utf8))
        for try await _ in try client.blob(descriptor, in: RepositoryName("team/app")) {}
    }

    private func pull(_ client: RegistryClient, times: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<times { group.addTask { try await pull(client) } }
            try await group.waitForAll()
        }
    }

    @Test("a token that is no longer taken is replaced once for all requests that are under way")
    func revokedToken() async throws {
        try await withClient { registry, _, client, server in
            try await pull(client, times: 8)
            registry.revoke()
            try await pull(client, times: 16)
            #expect(server.requests.filter { $0.uri.hasPrefix("/token") }.count == 2)
        }
    }

    @Test("a token service that refuses the password leads to one look for another one, and the request goes on")
    func changedPassword() async throws {
        try await withClient { registry, secrets, client, _ in
            try await pull(client)
            registry.change(secret: "new")
            registry.revoke()
            try await pull(client, times: 8)
            #expect(secrets.refused == 1)
        }
    }

    @Test("a registry that refuses a token that was given as the credential leads to one look for another one")
    func changedRegistryToken() async throws {
        try await withClient(isToken: true) { registry, secrets, client, server in
            // Neither the old one nor the new one is good: nothing is asked for ever.
            await #expect(throws: RegistryClientError.self) { try await pull(client) }
            await #expect(throws: RegistryClientError.self) { try await pull(client) }
            #expect(secrets.refused >= 1)
            #expect(server.requests.count <= 4)
        }
    }

    @Test(
        "a token service that is down, or has moved, isn't taken for a registry that lacks what was asked for",
        arguments: [HTTPResponseStatus.notFound, .badRequest, .internalServerError, .tooManyRequests]
    )
    func brokenService(status: HTTPResponseStatus) async throws {
        try await withClient { registry, _, client, _ in
            registry.answerTokens(with: status)
            let error = await #expect(throws: RegistryClientError.self) { try await pull(client) }
            #expect(error?.isNotFound == false)
            #expect(error?.isTransient == (status.code == 429 || status.code >= 500))
            if case .loginRefused = error { Issue.record("told as a refusal") }
            // It comes back.
            registry.answerTokens(with: .ok)
            try await pull(client)
        }
    }

    @Test("a registry that wants passwords now, and tokens later, gets them")
    func otherScheme() async throws {
        try await withClient { registry, _, client, _ in
            registry.wantPasswords(true)
            try await pull(client)
            registry.wantPasswords(false)
            try await pull(client)
            registry.wantPasswords(true)
            try await pull(client)
        }
    }
}
