import ConfigurationText
import Logging
import Registry
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP, and applies what can change while the server runs.
struct ReconfigurationService: Service {
    /// What the server runs with from its start on.
    let configuration: ServeConfiguration
    let logger: Logger
    /// - Throws: ``ConfigurationErrors``.
    let read: @Sendable () throws -> ServeConfiguration
    let apply: @Sendable (ServeConfiguration) -> Void

    func run() async throws {
        var current = configuration
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                adopt(try read(), &current)
            } catch {
                logger.error("the configuration is not valid and stays as it was", metadata: ["errors": "\(error)"])
            }
        }
    }

    /// The names of the upstreams that aren't in both, or not the same.
    private static func changedNames(_ one: [UpstreamConfiguration], _ other: [UpstreamConfiguration]) -> [String] {
        let changed = one.filter { !other.contains($0) } + other.filter { !one.contains($0) }
        return Set(changed.map(\.name)).sorted()
    }

    private func adopt(_ new: ServeConfiguration, _ current: inout ServeConfiguration) {
        var changes: Logger.Metadata = [:]
        for key in ServeConfiguration.keys where key.text(new) != key.text(current) {
            if key.appliesWhileRunning {
                changes[key.name] = "\(key.text(current)) -> \(key.text(new))"
                key.copy(new, &current)
            } else {
                logger.warning(
                    "a changed key needs a restart",
                    metadata: ["key": "\(key.name)", "running": "\(key.text(current))", "file": "\(key.text(new))"]
                )
            }
        }
        if new.upstreams != current.upstreams {
            logger.warning(
                "a changed key needs a restart",
                metadata: ["key": "upstreams", "changed": "\(Self.changedNames(new.upstreams, current.upstreams))"]
            )
        }
        for (key, isChanged) in [
            ("listeners", new.listeners != current.listeners),
            ("oidc", new.identityProviders != current.identityProviders),
            ("external_tokens", new.externalTokens != current.externalTokens),
        ] where isChanged {
            logger.warning("a changed key needs a restart", metadata: ["key": "\(key)"])
        }
        apply(current)
        logger.notice("the configuration was read again", metadata: changes)
    }
}
