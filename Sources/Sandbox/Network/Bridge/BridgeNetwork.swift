/// The addresses behind the bridge: what containers have theirs from.
struct BridgeNetwork: Codable, Equatable {
    /// Of the bridge's own address, the containers' gateway.
    let gateway: IPAddress
    let prefix: Int
    /// Nil on a host without IPv6.
    let gateway6: IPAddress?

    static let prefix6 = 64

    /// Nil for one that was damaged.
    var subnet: IPv4Subnet? {
        guard case .v4(let address) = gateway, (8...29).contains(prefix) else { return nil }
        return IPv4Subnet(address, prefix: prefix)
    }

    /// The first 8 bytes of the containers' addresses.
    var prefix6: [UInt8]? {
        guard case .v6(let address)? = gateway6 else { return nil }
        return Array(address.bytes.prefix(8))
    }

    /// The address of version 6 that goes with one of version 4: its last 32 bits are that.
    func address6(beside address: IPv4Address) -> IPv6Address? {
        prefix6.flatMap { IPv6Address(bytes: $0 + [0, 0, 0, 0] + address.bytes) }
    }

    /// Private subnets, the best first: those that few others choose.
    private static var candidates: [IPv4Subnet] {
        let tens = (90...109).map { IPv4Subnet(IPv4Address(number: 10 << 24 | $0 << 16), prefix: 16) }
        let others = (20...31).map { IPv4Subnet(IPv4Address(number: 172 << 24 | $0 << 16), prefix: 16) }
        let last = (0..<16).map { IPv4Subnet(IPv4Address(number: 0xc0a8_0000 | $0 << 12), prefix: 20) }
        return tens + others + last
    }

    /// One that no route of the host leads to.
    ///
    /// - Throws: ``NetworkError/noFreeSubnet``.
    static func choose(besides routes: HostRoutes, withIPv6: Bool) throws(NetworkError) -> BridgeNetwork {
        let free = candidates.first { candidate in !routes.subnets.contains { $0.overlaps(candidate) } }
        guard let free else { throw .noFreeSubnet }
        // RFC 4193: fd, and forty random bits, so that it's nobody else's either.
        let unique = [0xfd] + (0..<5).map { _ in UInt8.random(in: 0...255) }
        let gateway6 = IPv6Address(bytes: unique + [UInt8](repeating: 0, count: 9) + [1]).map(IPAddress.v6)
        return BridgeNetwork(
            gateway: .v4(free.gateway),
            prefix: free.prefix,
            gateway6: withIPv6 ? gateway6 : nil
        )
    }
}
