import Logging
import Registry
import ServiceLifecycle

/// Takes over what others change of accounts and grants, a second later at most: `berthd user` beside the server, and
/// whoever writes the password file. Forgets tokens that have ended.
struct AccessService: Service {
    private static let pause = Duration.seconds(1)
    private static let tidyingPause = Duration.seconds(600)

    let access: AccessControl
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var tidiedAt = ContinuousClock.now
            var failure: String?
            while !Task.isCancelled {
                try await Task.sleep(for: Self.pause)
                do {
                    if try await access.reloadIfChanged() {
                        logger.info("accounts or grants were changed and read again")
                    }
                    if .now - tidiedAt > Self.tidyingPause {
                        try await access.removeEndedTokens()
                        tidiedAt = .now
                    }
                    failure = nil
                } catch is CancellationError {
                } catch {
                    // Each second anew would be no news.
                    if failure != "\(error)" {
                        logger.error(
                            "accounts and grants can't be read: they stay as they were",
                            metadata: ["error": "\(error)"]
                        )
                    }
                    failure = "\(error)"
                }
            }
        }
    }
}
