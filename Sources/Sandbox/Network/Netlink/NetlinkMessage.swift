import CNetlink

/// One message to the kernel: a header, the family's own header, and attributes.
struct NetlinkMessage {
    /// The kernel aligns all parts to this many bytes.
    private static let alignment = 4
    static let headerSize = 16

    private(set) var bytes: [UInt8]

    /// - Parameter familyHeader: such as an `ifinfomsg`.
    init(_ type: UInt16, flags: Int32 = 0, familyHeader: [UInt8]) {
        bytes = [0, 0, 0, 0] + type.hostBytes + UInt16(NLM_F_REQUEST | flags).hostBytes + [0, 0, 0, 0, 0, 0, 0, 0]
        bytes += familyHeader
        pad()
    }

    mutating func put(_ attribute: some BinaryInteger, _ payload: [UInt8]) {
        bytes += UInt16(4 + payload.count).hostBytes + UInt16(truncatingIfNeeded: attribute).hostBytes + payload
        pad()
    }

    mutating func put<Name: RawRepresentable>(
        _ attribute: Name,
        _ payload: [UInt8]
    ) where Name.RawValue: BinaryInteger {
        put(attribute.rawValue, payload)
    }

    /// A text with its final null.
    mutating func put<Name: RawRepresentable>(
        _ attribute: Name,
        text: String
    ) where Name.RawValue: BinaryInteger {
        put(attribute.rawValue, Array(text.utf8) + [0])
    }

    mutating func put(_ attribute: some BinaryInteger, text: String) {
        put(attribute, Array(text.utf8) + [0])
    }

    /// An attribute made of attributes.
    mutating func nest(
        _ attribute: some BinaryInteger,
        header: [UInt8] = [],
        _ body: (inout NetlinkMessage) -> Void
    ) {
        let start = bytes.count
        bytes += [0, 0] + (UInt16(truncatingIfNeeded: attribute) | UInt16(NLA_F_NESTED)).hostBytes + header
        pad()
        body(&self)
        bytes.replaceSubrange(start..<start + 2, with: UInt16(bytes.count - start).hostBytes)
    }

    mutating func nest<Name: RawRepresentable>(
        _ attribute: Name,
        _ body: (inout NetlinkMessage) -> Void
    ) where Name.RawValue: BinaryInteger {
        nest(attribute.rawValue, body)
    }

    func adding(flags: Int32) -> NetlinkMessage {
        var message = self
        message.bytes.replaceSubrange(
            6..<8,
            with: (bytes[...].number(at: 6, as: UInt16.self) | UInt16(flags)).hostBytes
        )
        return message
    }

    /// The message as it is sent.
    func encoded(sequence: UInt32) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(0..<4, with: UInt32(bytes.count).hostBytes)
        bytes.replaceSubrange(8..<12, with: sequence.hostBytes)
        return bytes
    }

    private mutating func pad() {
        while bytes.count % Self.alignment != 0 { bytes.append(0) }
    }
}
