import NIOCore

/// Which proxies before us are believed, and where they say for whom a request is.
package struct ProxyTrust: Sendable, Equatable {
    package var proxies: [AddressRange]
    package var header: ProxyHeader

    package init(proxies: [AddressRange] = [], header: ProxyHeader = .xForwarded) {
        self.proxies = proxies
        self.header = header
    }

    func trusts(_ address: SocketAddress?) -> Bool {
        guard !proxies.isEmpty, let bytes = address?.addressBytes else { return false }
        return trusts(bytes)
    }

    func trusts(_ address: [UInt8]) -> Bool {
        proxies.contains { $0.contains(address) }
    }
}
