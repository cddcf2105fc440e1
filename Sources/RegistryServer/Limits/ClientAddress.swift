import NIOCore

/// What counts as one client's address where connections are counted by address.
struct ClientAddress: Hashable, Sendable {
    /// In network order; empty when the connection has no IP address.
    private let bytes: [UInt8]

    /// An IPv4 address; or the first half of an IPv6 one, since whoever has one of those has all that share it.
    init(_ address: SocketAddress?) {
        let all = address?.addressBytes ?? []
        bytes = Array(all.prefix(all.count == 4 ? 4 : 8))
    }
}
