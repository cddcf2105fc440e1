import ImageSpec
import RegistryClient
import Synchronization

/// Keeps what is asked of one registry below its limits.
package final class Traffic: Sendable {
    /// How long to wait before the registry is asked again whether it gives more.
    private static let pause: Duration = .seconds(60)
    /// How long nothing may have been asked for what is asked next to come at once, beyond the rate.
    private static let burst: Duration = .milliseconds(100)

    private struct State {
        var nextRequest = Duration.zero
        var nextByte = Duration.zero
        var remaining: Int?
    }

    let host: RegistryHost
    let limits: TrafficLimits
    private let clock: MirrorClock
    /// Protects when what may come next: several tasks ask.
    private let state = Mutex(State())

    init(_ host: RegistryHost, _ limits: TrafficLimits, clock: MirrorClock) {
        self.host = host
        self.limits = limits
        self.clock = clock
    }

    /// Waits until a request may be sent.
    func admitRequest() async throws {
        guard let rate = limits.requestsPerSecond else { return }
        try await admit(.seconds(1) / rate, at: \.nextRequest)
    }

    /// Waits until so many more bytes may have come.
    func admit(bytes: Int) async throws {
        guard let rate = limits.bytesPerSecond else { return }
        try await admit(.seconds(Double(bytes) / Double(rate)), at: \.nextByte)
    }

    private func admit(_ cost: Duration, at path: WritableKeyPath<State, Duration> & Sendable) async throws {
        let now = clock.now()
        let turn = state.withLock { state in
            let turn = max(state[keyPath: path], now - Self.burst)
            state[keyPath: path] = turn + cost
            return turn
        }
        if turn > now { try await clock.sleep(turn - now) }
    }

    func note(_ remaining: RemainingPulls) {
        state.withLock { $0.remaining = remaining.count }
    }

    /// Waits until the registry lets us pull, or throws where that isn't wanted.
    ///
    /// - Parameter ask: sends a request that costs nothing, whose answer says how many are left.
    /// - Throws: ``MirrorError/pullsUsedUp(_:remaining:)``.
    func awaitAllowance(asking ask: () async throws -> Void) async throws {
        while let remaining = state.withLock({ take(&$0) }) {
            guard limits.exhaustion == .wait else { throw MirrorError.pullsUsedUp(host, remaining: remaining) }
            try await clock.sleep(Self.pause)
            try await ask()
        }
    }

    /// Takes one of the pulls that are left, or says how few there are: several images begin before an answer comes.
    private func take(_ state: inout State) -> Int? {
        guard let remaining = state.remaining else { return nil }
        guard remaining > limits.reserve else { return remaining }
        state.remaining = remaining - 1
        return nil
    }
}
