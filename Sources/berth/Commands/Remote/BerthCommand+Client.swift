import ImageSpec
import RegistryClient

extension BerthCommand {
    /// Who talks to the registry at `host` itself, whatever mirrors it has.
    func client(for host: RegistryHost) async throws -> RegistryClient {
        try await registries().client(for: host)
    }
}
