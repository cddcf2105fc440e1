import CNetlink

/// One message from the kernel.
struct NetlinkReply {
    let type: UInt16
    let sequence: UInt32
    let payload: ArraySlice<UInt8>

    /// Cuts what was received into messages; what is malformed ends it.
    static func all(in bytes: ArraySlice<UInt8>) -> [NetlinkReply] {
        var replies: [NetlinkReply] = []
        var rest = bytes
        while rest.count >= NetlinkMessage.headerSize {
            let length = Int(rest.number(at: 0, as: UInt32.self))
            guard length >= NetlinkMessage.headerSize, length <= rest.count else { break }
            replies.append(
                NetlinkReply(
                    type: rest.number(at: 4, as: UInt16.self),
                    sequence: rest.number(at: 8, as: UInt32.self),
                    payload: rest.prefix(length).dropFirst(NetlinkMessage.headerSize)
                )
            )
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return replies
    }

    /// The attributes behind the family's header of `size` bytes.
    func attributes(after size: Int) -> [UInt16: ArraySlice<UInt8>] { Self.attributes(in: payload.dropFirst(size)) }

    static func attributes(in bytes: ArraySlice<UInt8>) -> [UInt16: ArraySlice<UInt8>] {
        var attributes: [UInt16: ArraySlice<UInt8>] = [:]
        var rest = bytes
        while rest.count >= 4 {
            let length = Int(rest.number(at: 0, as: UInt16.self))
            guard length >= 4, length <= rest.count else { break }
            let type = rest.number(at: 2, as: UInt16.self) & ~(UInt16(NLA_F_NESTED) | UInt16(NLA_F_NET_BYTEORDER))
            attributes[type] = rest.prefix(length).dropFirst(4)
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return attributes
    }
}

extension ArraySlice<UInt8> {
    /// A number in this machine's order, `offset` bytes from the start; 0 where there are too few.
    func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
        let size = MemoryLayout<Number>.size
        guard count >= offset + size else { return 0 }
        return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Number.self) }
    }
}
