import Glibc

/// What counts as one client where failures are counted by address.
enum ClientBlock {
    /// An IPv4 address; the first half of an IPv6 one, since whoever has one of those has all that share it; and what is
    /// neither as it is.
    static func name(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let isIPv6 = bytes.withUnsafeMutableBytes { inet_pton(AF_INET6, address, $0.baseAddress) } == 1
        guard isIPv6 else { return String(address.prefix(64)) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped { return bytes[12...].map { "\($0)" }.joined(separator: ".") }
        return bytes[..<8].map { "\($0)" }.joined(separator: ",")
    }
}
