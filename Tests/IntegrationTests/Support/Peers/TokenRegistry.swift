import NIOHTTP1
import SystemPackage

/// Debian's `docker-registry` with a token service of ours, which knows one user.
///
/// The tokens are made beforehand: one that allows nothing, one to pull, one to push, in one repository.
struct TokenRegistry: Sendable {
    static let repository = "team/busybox"
    static let username = "team"
    static let password = "let me in"
    static let identityToken = "an identity token"

    let registry: RunningRegistry
    let tokenService: ScriptedRegistry

    /// - Parameters:
    ///   - givesIdentityTokens: whether a login gets one.
    ///   - isOverHTTPS: whether the registry speaks TLS; the token service never does.
    static func use(
        on bench: TestBench,
        givesIdentityTokens: Bool = false,
        isOverHTTPS: Bool = false,
        _ body: @Sendable (TokenRegistry) async throws -> Void
    ) async throws {
        let signer = try await TokenSigner.make(on: bench)
        let tokens = Tokens(
            none: try await signer.token(access: []),
            pull: try await signer.token(access: [(repository, ["pull"])]),
            push: try await signer.token(access: [(repository, ["pull", "push"])])
        )
        try await ScriptedRegistry.use { request in
            answer(request, tokens, givesIdentityTokens: givesIdentityTokens)
        } _: { service in
            let settings =
                "auth: {token: {realm: 'http://\(service.host)/token', service: \(TokenSigner.service), "
                + "issuer: \(TokenSigner.issuer), rootcertbundle: \(signer.certificate)}}"
            let pair = isOverHTTPS ? try await TestAuthority(on: bench).issue("server") : nil
            let registry = try await DockerRegistry.start(
                on: bench,
                settings: settings,
                httpSettings: pair.map { "tls: {certificate: \($0.certificate), key: \($0.key)}" } ?? ""
            )
            try await body(TokenRegistry(registry: registry, tokenService: service))
        }
    }

    private struct Tokens: Sendable {
        let none: String
        let pull: String
        let push: String

        func token(for scopes: String) -> String {
            guard scopes.contains(TokenRegistry.repository) else { return none }
            return scopes.contains("push") ? push : pull
        }
    }

    private static func answer(
        _ request: ScriptedRequest,
        _ tokens: Tokens,
        givesIdentityTokens: Bool
    ) -> ScriptedAnswer {
        if request.method == .POST {
            let form = String(decoding: request.body, as: UTF8.self)
            let isRight =
                form.contains("grant_type=refresh_token") && form.contains("refresh_token=an%20identity%20token")
                && form.contains("service=\(TokenSigner.service)")
            return isRight
                ? ScriptedAnswer(body: Array(#"{"access_token":"\#(tokens.token(for: form))","expires_in":300}"#.utf8))
                : .status(.unauthorized)
        }
        // Of "team:let me in".
        guard let authorization = request.header("Authorization") else {
            return ScriptedAnswer(body: Array(#"{"token":"\#(tokens.none)"}"#.utf8))
        }
        guard authorization == "Basic dGVhbTpsZXQgbWUgaW4=", request.uri.contains("account=team") else {
            return .status(.unauthorized)
        }
        let refresh =
            givesIdentityTokens && request.uri.contains("offline_token=true")
            ? #","refresh_token":"\#(identityToken)""# : ""
        return ScriptedAnswer(body: Array(#"{"token":"\#(tokens.token(for: request.uri))"\#(refresh)}"#.utf8))
    }
}
