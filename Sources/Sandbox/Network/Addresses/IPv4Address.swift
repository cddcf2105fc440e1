/// An address of the internet protocol's version 4.
package struct IPv4Address: Sendable, Hashable {
    package let number: UInt32

    package init(number: UInt32) {
        self.number = number
    }

    /// Parses four decimal numbers with dots between them; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            // No leading zeros: some read those as octal.
            guard let byte = UInt8(part), String(byte) == part else { return nil }
            number = number << 8 | UInt32(byte)
        }
        self.number = number
    }

    /// In the network's order.
    var bytes: [UInt8] { number.bigEndianBytes }

    var isLoopback: Bool { number >> 24 == 127 }
    var isAny: Bool { number == 0 }
}

extension IPv4Address: CustomStringConvertible {
    package var description: String { bytes.map(String.init).joined(separator: ".") }
}
