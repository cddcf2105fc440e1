import NIOCore

/// The IP addresses that begin with the same bits, as `10.0.0.0/8` or `fd00::/8`; or one, as `192.168.1.1`.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// In network order: 4 or 16.
    private let bytes: [UInt8]
    /// How many bits count.
    private let length: Int
    package let description: String

    /// nil when `text` isn't one, or says bits that don't count.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = SocketAddress.bytes(ofAddress: String(parts[0])) else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            guard let bits = UInt8(parts[1]), Int(bits) <= length else { return nil }
            length = Int(bits)
        }
        let rest = bytes.enumerated().contains { index, byte in
            byte & ~Self.mask(length, at: index) != 0
        }
        guard !rest else { return nil }
        self.bytes = bytes
        self.length = length
        description = String(text)
    }

    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        return address.indices.allSatisfy { index in
            let mask = Self.mask(length, at: index)
            return address[index] & mask == bytes[index] & mask
        }
    }

    /// The bits of byte `index` that are among the first `length`.
    private static func mask(_ length: Int, at index: Int) -> UInt8 {
        let bits = min(max(0, length - index * 8), 8)
        return bits == 0 ? 0 : 0xff << UInt8(8 - bits)
    }
}
