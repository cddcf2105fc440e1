import NIOCore

extension SocketAddress {
    /// The IP address in network order, 4 or 16 bytes; an IPv4 one in IPv6's clothes is IPv4. nil when it has none.
    var addressBytes: [UInt8]? {
        switch self {
        case .v4(let address):
            return withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address):
            let all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMappedIPv4 = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xff && all[11] == 0xff
            return isMappedIPv4 ? Array(all[12...]) : all
        case .unixDomainSocket:
            return nil
        }
    }

    /// nil when `text` is no IP address.
    static func bytes(ofAddress text: String) -> [UInt8]? {
        (try? SocketAddress(ipAddress: text, port: 0))?.addressBytes
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool {
        guard let bytes = addressBytes else { return true }
        if bytes.count == 4 { return bytes[0] == 127 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}
