import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// Whether `url` leads to the registry itself, by scheme, host and port.
    func isRegistry(_ url: URL) -> Bool {
        connection.isRegistry(url)
    }

    /// The address that `response` points to, relative to `url` or absolute.
    ///
    /// It may be another host, which gets no token. HTTPS never falls back to plain HTTP.
    func location(of response: HTTPClientResponse, to url: URL) throws -> URL {
        guard let text = response.headers.first(name: "Location") else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it has no Location")
        }
        guard let target = URL(string: text, relativeTo: url)?.absoluteURL, target.host()?.isEmpty == false else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "its Location is no address")
        }
        let isAllowedScheme = target.scheme == "https" || (target.scheme == "http" && url.scheme == "http")
        guard isAllowedScheme, target.user() == nil else {
            throw RegistryClientError.forbiddenRedirect(from: url.withoutQuery, to: target.withoutQuery)
        }
        return target
    }
}

extension URL {
    var effectivePort: Int? {
        if let port { return port }
        return scheme == "https" ? 443 : 80
    }

    func hasSameOrigin(as other: URL) -> Bool {
        scheme == other.scheme && host()?.lowercased() == other.host()?.lowercased()
            && effectivePort == other.effectivePort
    }

    /// Whether the host is this machine by definition.
    var isLoopback: Bool {
        guard let host = host() else { return false }
        // An IPv6 address, whose brackets are the address's and not the host's.
        let text = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return (try? RegistryHost(text))?.isLoopback ?? false
    }

    /// This address with one more parameter; `value` needs no escaping.
    func adding(_ name: String, _ value: some CustomStringConvertible) -> URL? {
        URL(string: absoluteString + (query() == nil ? "?" : "&") + "\(name)=\(value)")
    }
}
