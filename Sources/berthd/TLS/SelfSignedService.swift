import Logging
import RegistryServer
import ServiceLifecycle

/// Makes berthd's own certificate anew before it expires, and when this machine has got another name or address; who
/// serves it notices that its files changed.
struct SelfSignedService: Service {
    private static let interval = Duration.seconds(600)

    /// nil where no listener has a certificate of berthd's own.
    let folder: SelfSignedFolder?
    let configuration: ServeConfiguration
    let logger: Logger

    func run() async throws {
        guard let folder else { return try await gracefulShutdown() }
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.interval)
                do {
                    let isNew = try folder.prepare(for: MachineNames(configuration).serverNames)
                    if isNew { logger.warning("the authority is new: clients must be told to trust it") }
                } catch {
                    logger.error("could not renew the certificate", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
