import Logging
import ServiceLifecycle
import Tokens

/// Sees to it that the keys that sign tokens take turns, and that those of other servers with this database are known.
struct SigningKeyService: Service {
    private static let pause = Duration.seconds(60)

    let keys: SigningKeys
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.pause)
                do {
                    try await keys.refresh()
                } catch is CancellationError {
                } catch {
                    logger.warning("could not look after the keys of tokens", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
