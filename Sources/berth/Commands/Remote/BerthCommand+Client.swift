import ImageSpec
import Mirror
import RegistryClient

extension BerthCommand {
    /// Who talks to the registry at `host`.
    func client(for host: RegistryHost) async throws -> RegistryClient {
        try await registries().client(for: host)
    }

    /// The image that `name` stands for at its registry.
    func remoteImage(_ name: String) async throws -> RegistryImage {
        let reference = try ImageReference(name)
        return RegistryImage(reference, client: try await client(for: reference.host))
    }
}
