import Glibc

/// An address of the internet protocol's version 6.
package struct IPv6Address: Sendable, Hashable {
    /// Sixteen, in the network's order.
    let bytes: [UInt8]

    /// Nil unless there are sixteen.
    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Parses the usual forms, without brackets and zone; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var address = in6_addr()
        guard text.utf8.count < 64, inet_pton(AF_INET6, String(text), &address) == 1 else { return nil }
        bytes = withUnsafeBytes(of: address) { Array($0) }
    }

    var isLoopback: Bool { bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
    var isAny: Bool { bytes.allSatisfy { $0 == 0 } }
}

extension IPv6Address: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
