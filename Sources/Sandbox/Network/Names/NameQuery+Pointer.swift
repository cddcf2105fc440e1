extension NameQuery {
    /// The address whose name is asked for; nil for any other question.
    ///
    /// - SeeAlso: RFC 1035, section 3.5; RFC 3596, section 2.5.
    var reversedAddress: IPAddress? {
        guard kind == .pointer else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let parts = labels.dropLast(2).reversed()
        switch (labels.suffix(2).joined(separator: "."), parts.count) {
        case ("in-addr.arpa", 4): return IPAddress(parts.joined(separator: "."))
        case ("ip6.arpa", 32):
            let digits = parts.compactMap { $0.count == 1 ? UInt8($0, radix: 16) : nil }
            guard digits.count == 32 else { return nil }
            let bytes = stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
            return IPv6Address(bytes: bytes).map(IPAddress.v6)
        default: return nil
        }
    }
}
