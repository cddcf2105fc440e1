import FoundationEssentials
import ImageSpec
import SystemPackage

/// How each registry is reached: its mirrors, certificates and credentials.
///
/// ```swift
/// let registries = Registries(configuration: configuration)
/// let result = try await registries.pulling(from: reference.host) { client in … }
/// ```
package struct Registries: Sendable {
    /// What a name without a host means.
    package var defaultRegistry = RegistryHost.dockerHub
    package var configuration: RegistryClient.Configuration

    package init(configuration: RegistryClient.Configuration) {
        self.configuration = configuration
    }

    /// A client for the registry itself.
    package func client(for host: RegistryHost) async throws -> RegistryClient {
        try RegistryClient(registry: host, configuration: configuration)
    }
}
