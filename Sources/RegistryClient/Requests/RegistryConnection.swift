import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Sends single requests on behalf of one registry: to itself, and to those that it names.
struct RegistryConnection: Sendable {
    private static let userAgent = "berth"

    /// Of the registry's API.
    let root: URL
    let security: TransportSecurity
    let http: HTTPClient

    /// Whether `url` leads to the registry itself, by scheme, host and port.
    func isRegistry(_ url: URL) -> Bool {
        url.hasSameOrigin(as: root)
    }

    /// Sends one HTTP request; what the connection throws becomes an error of ours.
    ///
    /// - Parameter isAnonymous: whether no certificate of ours is shown.
    func execute(
        _ message: HTTPClientRequest,
        to url: URL,
        isAnonymous: Bool = false,
        timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        var message = message
        message.headers.replaceOrAdd(name: "User-Agent", value: Self.userAgent)
        message.tlsConfiguration = isRegistry(url) && !isAnonymous ? security.ofRegistry : security.ofOthers
        do {
            return try await http.execute(message, timeout: timeout)
        } catch {
            throw RegistryClient.connectionError(error, to: url)
        }
    }
}
