import AsyncHTTPClient
import Credentials
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// Gets tokens from the service that a registry names.
///
/// A registry's credential goes to whatever service its registry names, as the specification has it: a registry that
/// would betray its users to another service could hand on what they tell it just as well. But it goes there only
/// over HTTPS, or to this machine, or to the registry's own host where that is spoken to in plain HTTP.
///
/// - SeeAlso: distribution's "Token Authentication Specification"; distribution's "Oauth2 Token Authentication".
struct TokenService: Sendable {
    /// In bytes.
    private static let maximumAnswer = 256 << 10
    private static let timeLimit = TimeAmount.seconds(60)
    private static let clientName = "berth"

    /// To the registry.
    let connection: RegistryConnection
    /// Whether to ask for an identity token besides: that is a login.
    let asksForIdentityToken: Bool

    struct Answer: Sendable {
        let token: AccessToken
        let identityToken: String?
    }

    /// - Throws: ``RegistryClientError``.
    func token(for demand: TokenDemand, with credential: Credential?) async throws -> Answer {
        let realm = try realm(of: demand, with: credential)
        let request =
            switch credential {
            case .identityToken(_, let token): try exchange(of: token, for: demand, at: realm)
            default: try question(demand, at: realm, with: credential)
            }
        let response = try await connection.execute(request.message, to: request.url, timeout: Self.timeLimit)
        guard response.status == .ok else {
            throw failure(await RegistryRefusal(response, to: request.message.method, request.url))
        }
        return try await read(response, from: request.url)
    }

    /// That the service has no such address, say, must not be taken for the registry's word about what it has.
    private func failure(_ refusal: RegistryRefusal) -> RegistryClientError {
        switch refusal.status {
        case 401, 403: .loginRefused(registry: registryName, refusal)
        case _ where refusal.isTransient: .refused(refusal)
        default: .tokenRefused(registry: registryName, refusal)
        }
    }

    private var registryName: String {
        (connection.root.host() ?? "?") + (connection.root.port.map { ":\($0)" } ?? "")
    }

    private typealias Request = (message: HTTPClientRequest, url: URL)

    private func question(
        _ demand: TokenDemand,
        at realm: URLComponents,
        with credential: Credential?
    ) throws -> Request {
        var parameters: [(String, String?)] = [("service", demand.service)] + demand.scopes.map { ("scope", $0) }
        if let username = credential?.username { parameters += [("account", username)] }
        parameters.append(("client_id", Self.clientName))
        if asksForIdentityToken { parameters.append(("offline_token", "true")) }
        let query = FormParameters.encoded(parameters)
        var components = realm
        components.percentEncodedQuery = [realm.percentEncodedQuery, query].compactMap { $0 }.joined(separator: "&")
        guard let url = components.url else { throw RegistryClientError.invalidAddress(demand.realm) }
        var message = HTTPClientRequest(url: url.absoluteString)
        if case .password(let username, let password)? = credential {
            message.headers.add(
                name: "Authorization",
                value: BasicHeader.value(username: username, password: password)
            )
        }
        return (message, url)
    }

    /// - SeeAlso: RFC 6749, section 6.
    private func exchange(of token: String, for demand: TokenDemand, at realm: URLComponents) throws -> Request {
        guard let url = realm.url else { throw RegistryClientError.invalidAddress(demand.realm) }
        let parameters: [(String, String?)] = [
            ("grant_type", "refresh_token"), ("service", demand.service), ("client_id", Self.clientName),
            ("refresh_token", token),
            ("scope", demand.scopes.isEmpty ? nil : demand.scopes.joined(separator: " ")),
        ]
        var message = HTTPClientRequest(url: url.absoluteString)
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        message.body = .bytes(ByteBuffer(string: FormParameters.encoded(parameters)))
        return (message, url)
    }

    private func read(_ response: HTTPClientResponse, from url: URL) async throws -> Answer {
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: Self.maximumAnswer)
        } catch is NIOTooManyBytesError {
            throw RegistryClientError.tooLarge(url: url.withoutQuery, limit: Self.maximumAnswer)
        } catch {
            throw RegistryClient.connectionError(error, to: url)
        }
        let answer = try? ForeignJSON.decode(TokenResponse.self, from: body.readableBytesView)
        let texts = [answer?.token, answer?.accessToken].compactMap { $0 }
        guard let answer, let text = texts.first(where: Self.isHeaderValue) else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it holds no token")
        }
        let identityToken = answer.refreshToken.flatMap { $0.isEmpty ? nil : $0 }
        return Answer(
            token: AccessToken(text, lifetime: answer.expiresIn.flatMap { Int(exactly: $0.rounded(.down)) }),
            identityToken: identityToken
        )
    }

    /// The service's address, when it is one that `credential` may go to.
    private func realm(of demand: TokenDemand, with credential: Credential?) throws -> URLComponents {
        guard let components = URLComponents(string: demand.realm), components.host?.isEmpty == false,
            components.user == nil, let url = components.url
        else { throw RegistryClientError.invalidAddress(demand.realm) }
        let isAllowed =
            switch url.scheme {
            case "https": true
            case "http": connection.root.scheme == "http" && (credential == nil || isNear(url))
            default: false
            }
        guard isAllowed else {
            throw RegistryClientError.forbiddenRealm(registry: registryName, realm: url.withoutQuery)
        }
        return components
    }

    private func isNear(_ url: URL) -> Bool {
        url.isLoopback || url.host()?.lowercased() == connection.root.host()?.lowercased()
    }

    /// Whether `text` may stand in a header: visible ASCII.
    private static func isHeaderValue(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    private struct TokenResponse: Decodable {
        let token: String?
        let accessToken: String?
        let refreshToken: String?
        let expiresIn: Double?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case expiresIn = "expires_in"
        }
    }
}
