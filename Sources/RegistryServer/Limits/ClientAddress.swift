import NIOCore

/// What counts as one client's address where connections are counted by address.
struct ClientAddress: Hashable, Sendable {
    /// In network order; empty when the connection has no IP address.
    private let bytes: [UInt8]

    /// An IPv4 address; or the first half of an IPv6 one, since whoever has one of those has all that share it.
    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let address):
            bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address):
            let all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMappedIPv4 = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xff && all[11] == 0xff
            bytes = isMappedIPv4 ? Array(all[12...]) : Array(all[..<8])
        case .unixDomainSocket, nil:
            bytes = []
        }
    }
}
