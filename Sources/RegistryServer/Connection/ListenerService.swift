import Hummingbird
import ServiceLifecycle

/// Serves at one address: Hummingbird's applications have one each.
struct ListenerService: Service {
    let configuration: ListenerConfiguration
    /// nil for plain HTTP.
    let certificates: LiveCertificates?
    let application: Application<RouterResponder<RegistryRequestContext>>

    func run() async throws {
        try await ListenError.naming(configuration.host, configuration.port) { try await application.run() }
    }
}
