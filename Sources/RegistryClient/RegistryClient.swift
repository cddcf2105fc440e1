import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// Talks to one registry, by the OCI distribution-spec.
///
/// ```swift
/// let client = try RegistryClient(registry: reference.host)
/// let resolved = try await client.manifest(reference.manifestReference, in: reference.repository)
/// ```
///
/// HTTPS, except to loopback hosts: they are spoken to in plain HTTP, as docker does. Nothing that comes from the
/// registry is trusted: sizes are bounded, digests computed, redirects counted.
///
/// - SeeAlso: OCI distribution-spec 1.1.
package struct RegistryClient: Sendable {
    package let registry: RegistryHost
    package let configuration: Configuration
    /// The root of the registry's API, such as `https://registry-1.docker.io/v2/`.
    let root: URL
    let tokens = TokenCache()
    let http: HTTPClient

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(registry: RegistryHost, configuration: Configuration = Configuration()) throws {
        self.registry = registry
        self.configuration = configuration
        let scheme = registry.isLoopback ? "http" : "https"
        // Docker Hub's API has another name than the one in references.
        let host = registry == .dockerHub ? "registry-1.docker.io" : registry.rawValue
        guard let root = URL(string: "\(scheme)://\(host)/v2/"), root.host() != nil else {
            throw RegistryClientError.invalidAddress(registry.rawValue)
        }
        self.root = root
        http = configuration.http
    }

    /// The address of something in `repository`, such as `manifests/latest`.
    func url(_ repository: RepositoryName, _ path: String, query: String? = nil) throws -> URL {
        let text = "\(root.absoluteString)\(repository)/\(path)" + (query.map { "?\($0)" } ?? "")
        guard let url = URL(string: text) else { throw RegistryClientError.invalidAddress(text) }
        return url
    }
}
