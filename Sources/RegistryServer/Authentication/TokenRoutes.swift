import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Registry
import Tokens

/// The token service's addresses: `/auth/token` by both of the ways that clients know, and `/auth/keys`.
///
/// - SeeAlso: distribution's "Token Authentication Specification"; distribution's "Oauth2 Token Authentication".
struct TokenRoutes: Sendable {
    static let tokenPath = "/auth/token"
    static let keyPath = "/auth/keys"

    /// The longest form, in bytes.
    private static let maximumForm = 64 << 10

    let service: TokenService
    /// In bytes.
    let maximumURILength: Int

    func add(to router: Router<RegistryRequestContext>) {
        router.on(RouterPath(Self.tokenPath), method: .get, use: get)
        router.on(RouterPath(Self.tokenPath), method: .post, use: post)
        router.on(RouterPath(Self.keyPath), method: .get, use: keys)
        router.on(RouterPath(Self.keyPath), method: .head, use: keys)
        for method: HTTPRequest.Method in [.head, .put, .patch, .delete, .options] {
            router.on(RouterPath(Self.tokenPath), method: method) { request, _ in
                try Self.refuse(request.method, allowing: "GET, POST")
            }
        }
        for method: HTTPRequest.Method in [.post, .put, .patch, .delete, .options] {
            router.on(RouterPath(Self.keyPath), method: method) { request, _ in
                try Self.refuse(request.method, allowing: "GET, HEAD")
            }
        }
    }

    /// What is proven is in the `Authorization` field.
    @Sendable private func get(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        guard request.uri.string.utf8.count <= maximumURILength else {
            throw WireError(
                .uriTooLong,
                .unsupported,
                "the request's address has more than the \(maximumURILength) bytes that are accepted here",
                detail: ["ask for fewer scopes at once"]
            )
        }
        let fields = FormFields(request.uri.query ?? "")
        return try await answer(
            TokenRequest(
                proof: try proof(in: request),
                scopes: RequestedScope.list(fields.values("scope")),
                wantsRefreshToken: fields.value("offline_token") == "true",
                client: Self.client(fields)
            ),
            context
        )
    }

    /// What is proven is in the form.
    @Sendable private func post(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        let bytes = try await ReceivedBody(request).collect(upTo: Self.maximumForm) { _ in }
        guard let bytes else {
            throw WireError(
                .contentTooLarge,
                .sizeInvalid,
                "the form has more than the \(Self.maximumForm) bytes that are accepted here"
            )
        }
        let fields = FormFields(String(decoding: bytes, as: UTF8.self))
        return try await answer(
            TokenRequest(
                proof: try proof(in: fields),
                scopes: RequestedScope.list(fields.values("scope")),
                wantsRefreshToken: fields.value("access_type") == "offline",
                client: Self.client(fields)
            ),
            context
        )
    }

    @Sendable private func keys(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/json", .cacheControl: "public, max-age=\(service.publicationTime)",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: service.publishedKeys))
        )
    }

    private func answer(_ request: TokenRequest, _ context: RegistryRequestContext) async throws -> Response {
        let answer: TokenAnswer
        do {
            answer = try await service.answer(to: request, from: context.clientAddress)
        } catch {
            if case .token(.keysUnavailable) = error {
                context.logger.warning("a token can't be judged", metadata: ["error": "\(error)"])
            }
            throw WireError(error, service: service.service)
        }
        let body = try JSONEncoder.wire.encode(Body(answer))
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    private func proof(in request: Request) throws -> TokenRequest.Proof {
        guard let field = request.headers[.authorization] else { return .none }
        if let credential = BasicCredential(authorization: field) { return .password(credential) }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw WireError(.badRequest, .unsupported, "'Authorization' should be Basic or Bearer")
        }
        return .token(String(parts[1]))
    }

    /// - SeeAlso: RFC 6749, sections 4.3 and 6.
    private func proof(in fields: FormFields) throws -> TokenRequest.Proof {
        switch fields.value("grant_type") {
        case "password":
            guard let username = fields.value("username"), let password = fields.value("password") else {
                throw WireError(.badRequest, .unsupported, "'username' and 'password' should be in the form")
            }
            return .password(BasicCredential(username: username, password: password))
        case "refresh_token":
            guard let token = fields.value("refresh_token") else {
                throw WireError(.badRequest, .unsupported, "'refresh_token' should be in the form")
            }
            return .refreshToken(token)
        default:
            throw WireError(.badRequest, .unsupported, "'grant_type' should be password or refresh_token")
        }
    }

    private static func client(_ fields: FormFields) -> String {
        String((fields.value("client_id") ?? "?").prefix(100))
    }

    private static func refuse(_ method: HTTPRequest.Method, allowing allowed: String) throws -> Response {
        throw WireError(
            .methodNotAllowed,
            .unsupported,
            "\(method) is not for this endpoint",
            headers: [.allow: allowed]
        )
    }

    /// The token under both of its names: clients know one or the other.
    private struct Body: Encodable {
        let token: String
        let accessToken: String
        let expiresIn: Int64
        let issuedAt: String
        let refreshToken: String?

        init(_ answer: TokenAnswer) {
            token = answer.token.text
            accessToken = answer.token.text
            expiresIn = answer.token.lifetime
            issuedAt = Date(timeIntervalSince1970: Double(answer.token.issuedAt)).ISO8601Format()
            refreshToken = answer.refreshToken
        }

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case expiresIn = "expires_in"
            case issuedAt = "issued_at"
            case refreshToken = "refresh_token"
        }
    }
}
