import FoundationEssentials
import ImageSpec

/// A place where a registry's content is to be had: the registry itself or a mirror of it, and how to speak to it.
package struct RegistryEndpoint: Sendable, Equatable {
    /// What an endpoint is there for.
    package struct Capabilities: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// Content by digest.
        package static let pull = Capabilities(rawValue: 1)
        /// Digests by tag.
        package static let resolve = Capabilities(rawValue: 2)
        package static let push = Capabilities(rawValue: 4)
        package static let all: Capabilities = [.pull, .resolve, .push]
    }

    /// Docker Hub's API has another name than the one in references.
    private static let dockerHubAPI = "registry-1.docker.io"

    /// Whose credentials are used.
    package let host: RegistryHost
    /// Where the API begins, such as `https://registry-1.docker.io/v2/`.
    package let root: URL
    /// What stands between the root and a repository's name, such as `docker.io/`; often empty.
    package var repositoryPrefix = ""
    package var capabilities = Capabilities.all
    package var security = EndpointSecurity()
    /// Sent with each request to the endpoint itself.
    package var headers: [HeaderField] = []
    /// The registry whose content a mirror is asked for, told it as `ns`.
    package var namespace: RegistryHost?

    package struct HeaderField: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    /// The registry itself: in plain HTTP when it is a loopback host, as docker has it, else over HTTPS.
    ///
    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(_ host: RegistryHost, scheme: Scheme? = nil) throws {
        let scheme = scheme ?? (host.isLoopback ? .http : .https)
        let name = host == .dockerHub ? Self.dockerHubAPI : host.rawValue
        try self.init(host: host, root: "\(scheme.rawValue)://\(name)/v2/")
    }

    /// - Parameter root: ends with a slash.
    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(host: RegistryHost, root: String) throws {
        guard let url = URL(string: root), url.host() != nil, root.hasSuffix("/") else {
            throw RegistryClientError.invalidAddress(root)
        }
        // Hosts files may name the hub by its API's name; its credentials have the other.
        self.host = host.rawValue == Self.dockerHubAPI ? .dockerHub : host
        self.root = url
    }

    /// The same endpoint without TLS.
    func inPlainHTTP() throws -> RegistryEndpoint {
        let address = root.absoluteString.drop { $0 != ":" }
        var endpoint = try RegistryEndpoint(host: host, root: Scheme.http.rawValue + address)
        endpoint.repositoryPrefix = repositoryPrefix
        endpoint.capabilities = capabilities
        endpoint.headers = headers
        endpoint.namespace = namespace
        return endpoint
    }

    package enum Scheme: String, Sendable {
        case http
        case https
    }

    /// The address of something in `repository`, such as `manifests/latest`.
    func url(_ repository: RepositoryName, _ path: String, query: String?) throws -> URL {
        let parameters = [query, namespace.map { "ns=\($0)" }].compactMap { $0 }.joined(separator: "&")
        let text =
            "\(root.absoluteString)\(repositoryPrefix)\(repository)/\(path)"
            + (parameters.isEmpty ? "" : "?\(parameters)")
        guard let url = URL(string: text) else { throw RegistryClientError.invalidAddress(text) }
        return url
    }
}
