import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

extension RegistryClient {
    /// In bytes.
    private static let maximumTokenResponseSize = 256 << 10

    /// Gets an anonymous token from the service that the registry names.
    ///
    /// - SeeAlso: distribution's "Token Authentication Specification", "Requesting a Token".
    func token(for challenge: BearerChallenge) async throws -> String {
        let url = try tokenURL(for: challenge)
        let response = try await execute(HTTPClientRequest(url: url.absoluteString), to: url)
        guard response.status == .ok else {
            throw RegistryClientError.refused(await RegistryRefusal(response, to: .GET, url))
        }
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: Self.maximumTokenResponseSize)
        } catch is NIOTooManyBytesError {
            throw RegistryClientError.tooLarge(url: url.withoutQuery, limit: Self.maximumTokenResponseSize)
        } catch {
            throw connectionError(error, to: url)
        }
        let answer = try? ForeignJSON.decode(TokenResponse.self, from: body.readableBytesView)
        guard let token = answer?.token ?? answer?.accessToken, Self.isHeaderValue(token) else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it holds no token")
        }
        return token
    }

    private func tokenURL(for challenge: BearerChallenge) throws -> URL {
        guard
            var components = URLComponents(string: challenge.realm),
            components.scheme == "https" || (components.scheme == "http" && root.scheme == "http"),
            components.host?.isEmpty == false, components.user == nil
        else { throw RegistryClientError.forbiddenRedirect(from: root.absoluteString, to: challenge.realm) }
        let parameters = [("service", challenge.service), ("scope", challenge.scope)]
        components.queryItems =
            (components.queryItems ?? [])
            + parameters.compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
        guard let url = components.url else { throw RegistryClientError.invalidAddress(challenge.realm) }
        return url
    }

    /// Whether `text` may stand in a header: visible ASCII.
    private static func isHeaderValue(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    private struct TokenResponse: Decodable {
        let token: String?
        let accessToken: String?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
        }
    }
}
