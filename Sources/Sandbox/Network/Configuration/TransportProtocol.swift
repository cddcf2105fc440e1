import Glibc

/// What carries the data of a port.
package enum TransportProtocol: String, Sendable, Hashable, Codable {
    case tcp, udp

    /// The kernel's number.
    var number: UInt8 { self == .tcp ? UInt8(IPPROTO_TCP) : UInt8(IPPROTO_UDP) }
    var socketType: Int32 { Int32((self == .tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue) }
}
