import NIOCore

/// Holds clients to the rates of requests that are set for addresses and accounts.
final class RequestLimits: Sendable {
    private let limits: LiveLimits
    private let instruments: ServerInstruments
    private let addresses = RequestRates<ClientAddress>()
    private let accounts = RequestRates<String>()

    init(limits: LiveLimits, instruments: ServerInstruments) {
        self.limits = limits
        self.instruments = instruments
    }

    /// Counts a request from an address, before anything is done for it.
    ///
    /// - Parameter text: the client's, behind all proxies that are believed; all that isn't an address counts as one.
    /// - Throws: ``WireError`` when there were too many.
    func admit(address text: String) throws(WireError) {
        let limits = limits.current
        guard let rate = limits.requestRate else { return }
        let address = ClientAddress(try? SocketAddress(ipAddress: text, port: 0))
        guard let wait = addresses.refusal(of: address, rate: rate, burst: limits.requestBurst) else { return }
        instruments.limitedRequests.add()
        throw .tooFast("your address sends more than \(rate) requests a second", wait: wait)
    }

    /// Counts a request of somebody who has proven to be who they are.
    ///
    /// - Throws: ``WireError`` when there were too many.
    func admit(account name: String) throws(WireError) {
        let limits = limits.current
        guard let rate = limits.requestRatePerUser else { return }
        guard let wait = accounts.refusal(of: name, rate: rate, burst: limits.requestBurst) else { return }
        instruments.limitedRequests.add()
        throw .tooFast("'\(name)' sends more than \(rate) requests a second", wait: wait)
    }
}

extension WireError {
    fileprivate static func tooFast(_ message: String, wait: TimeAmount) -> WireError {
        let seconds = max(1, (wait.nanoseconds + 999_999_999) / 1_000_000_000)
        return WireError(
            .tooManyRequests,
            .tooManyRequests,
            "\(message), which is all that one may here; try again in \(seconds) s",
            headers: [.retryAfter: String(seconds)]
        )
    }
}
