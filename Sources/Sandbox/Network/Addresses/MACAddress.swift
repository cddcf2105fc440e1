/// The address of an Ethernet interface.
package struct MACAddress: Sendable, Hashable {
    /// Six.
    let bytes: [UInt8]

    /// The one that belongs to an address: whoever knew the interface that had it before needs to learn nothing new.
    ///
    /// 02:42 marks an address that was given locally, as docker's do.
    init(for address: IPv4Address) {
        bytes = [0x02, 0x42] + address.bytes
    }

    /// - Throws: ``NetworkError/invalidMACAddress(_:)``: six hexadecimal bytes are wanted, of one interface.
    package init(_ text: String) throws(NetworkError) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6, bytes[0] & 1 == 0, bytes.contains(where: { $0 != 0 }) else {
            throw .invalidMACAddress(text)
        }
        self.bytes = bytes
    }
}

extension MACAddress: CustomStringConvertible {
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}

extension MACAddress: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
