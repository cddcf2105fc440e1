import Credentials
import FoundationEssentials
import ImageSpec

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
    /// The registry as references name it, whoever stands in for it.
    package let registry: RegistryHost
    package let endpoint: RegistryEndpoint
    package let configuration: Configuration
    let connection: RegistryConnection
    var authorization: RegistryAuthorization

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(registry: RegistryHost, configuration: Configuration = Configuration()) throws {
        try self.init(registry: registry, at: RegistryEndpoint(registry), configuration: configuration)
    }

    /// - Parameter endpoint: the registry itself, or a mirror of it.
    /// - Throws: ``RegistryClientError/unusableCertificate(file:reason:)``.
    package init(
        registry: RegistryHost,
        at endpoint: RegistryEndpoint,
        configuration: Configuration = Configuration()
    ) throws {
        self.registry = registry
        self.endpoint = endpoint
        self.configuration = configuration
        let connection = RegistryConnection(
            root: endpoint.root,
            security: try TransportSecurity(endpoint.security),
            http: configuration.http
        )
        self.connection = connection
        authorization = RegistryAuthorization(
            findCredential: { repository in
                let name = repository.flatMap { try? RepositoryName(endpoint.repositoryPrefix + $0.rawValue) }
                return try await configuration.credentials(endpoint.host, name)
            },
            fetchToken: { demand, credential in
                let service = TokenService(connection: connection, asksForIdentityToken: false)
                return try await service.token(for: demand, with: credential).token
            },
            onRefusal: configuration.onRefusal
        )
    }

    /// The root of the API, such as `https://registry-1.docker.io/v2/`.
    var root: URL { endpoint.root }

    /// The address of something in `repository`, such as `manifests/latest`.
    func url(_ repository: RepositoryName, _ path: String, query: String? = nil) throws -> URL {
        try endpoint.url(repository, path, query: query)
    }
}
