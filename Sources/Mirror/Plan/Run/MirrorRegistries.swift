import ImageSpec
import RegistryClient
import Synchronization

/// The registries that a run of a plan talks to, each below its limits.
final class MirrorRegistries: Sendable {
    /// A registry that wants us to wait is waited for so long, where the plan says to wait.
    private static let longestRetryAfter: Duration = .seconds(6 * 3600)

    private struct State {
        var clients: [RegistryHost: RegistryClient] = [:]
        var pushClients: [RegistryHost: RegistryClient] = [:]
        var turns: [RegistryHost: BlobTurns] = [:]
    }

    private let registries: Registries
    private let traffic: [RegistryHost: Traffic]
    /// Protects what is made once for each host.
    private let state = Mutex(State())

    init(_ registries: Registries, limits: [RegistryHost: TrafficLimits], clock: MirrorClock) {
        self.registries = registries
        traffic = Dictionary(uniqueKeysWithValues: limits.map { ($0, Traffic($0, $1, clock: clock)) })
    }

    func traffic(of host: RegistryHost) -> Traffic? { traffic[host] }

    /// Who orders the blobs that go to `host`.
    func turns(at host: RegistryHost) -> BlobTurns {
        state.withLock { state in
            let turns = state.turns[host] ?? BlobTurns()
            state.turns[host] = turns
            return turns
        }
    }

    func client(for host: RegistryHost) async throws -> RegistryClient {
        if let known = state.withLock({ $0.clients[host] }) { return known }
        let client = try await limited(host).client(for: host)
        return state.withLock { state in
            let first = state.clients[host] ?? client
            state.clients[host] = first
            return first
        }
    }

    func pushClient(for host: RegistryHost) async throws -> RegistryClient {
        if let known = state.withLock({ $0.pushClients[host] }) { return known }
        let client = try await limited(host).pushClient(for: host)
        return state.withLock { state in
            let first = state.pushClients[host] ?? client
            state.pushClients[host] = first
            return first
        }
    }

    private func limited(_ host: RegistryHost) -> Registries {
        guard let traffic = traffic[host] else { return registries }
        var limited = registries
        limited.configuration.beforeRequest = { try await traffic.admitRequest() }
        limited.configuration.onRemainingPulls = { traffic.note($0) }
        if traffic.limits.exhaustion == .wait {
            limited.configuration.retries.longestRetryAfter = Self.longestRetryAfter
        }
        return limited
    }
}
