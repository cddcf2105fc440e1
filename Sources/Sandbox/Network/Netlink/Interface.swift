import CNetlink
import Glibc
import SystemPackage

/// A network interface as the kernel tells of it.
struct Interface {
    let index: Int32
    let isUp: Bool
    /// In bytes; 0 where it isn't told.
    let mtu: UInt32

    init(_ reply: NetlinkReply) {
        index = reply.payload.number(at: 4, as: Int32.self)
        isUp = reply.payload.number(at: 8, as: UInt32.self) & UInt32(IFF_UP) != 0
        mtu = reply.attributes(after: Self.headerSize)[UInt16(IFLA_MTU)]?.number(at: 0, as: UInt32.self) ?? 0
    }

    /// Of an `ifinfomsg`, in bytes.
    static let headerSize = 16
    static let maximumNameLength = 15

    /// An `ifinfomsg`.
    static func header(index: Int32 = 0, raised: Bool = false) -> [UInt8] {
        let flags = raised ? UInt32(IFF_UP) : 0
        return [UInt8(AF_UNSPEC), 0, 0, 0] + index.hostBytes + flags.hostBytes + flags.hostBytes
    }
}

extension NetlinkSocket {
    /// The interface of that name; nil where there is none.
    func interface(named name: String) throws(NetworkError) -> Interface? {
        var question = NetlinkMessage(UInt16(RTM_GETLINK), familyHeader: Interface.header())
        question.put(IFLA_IFNAME, text: name)
        return try ask(question, about: "look for the interface \(name)").map(Interface.init)
    }

    func interface(_ index: Int32) throws(NetworkError) -> Interface? {
        let question = NetlinkMessage(UInt16(RTM_GETLINK), familyHeader: Interface.header(index: index))
        return try ask(question, about: "look for interface \(index)").map(Interface.init)
    }
}
