import CNetlink
import Glibc

extension NetlinkMessage {
    /// Gives an interface an address of a subnet.
    static func address(_ address: IPAddress, prefix: Int, of interface: Int32) -> NetlinkMessage {
        // A private subnet's addresses are leased: to ask the neighbours first whether one is taken (DAD) would only
        // keep the container from using it for a second.
        let flags = UInt8(IFA_F_PERMANENT | IFA_F_NODAD)
        let scope = UInt8(RT_SCOPE_UNIVERSE.rawValue)
        let header = [address.family, UInt8(prefix), flags, scope] + interface.hostBytes
        var message = NetlinkMessage(
            UInt16(RTM_NEWADDR),
            flags: NLM_F_CREATE | NLM_F_REPLACE,
            familyHeader: header
        )
        message.put(IFA_LOCAL, address.bytes)
        message.put(IFA_ADDRESS, address.bytes)
        if case .v4(let address) = address {
            message.put(IFA_BROADCAST, (address.number | (UInt32.max >> UInt32(prefix))).bigEndianBytes)
        }
        return message
    }

    /// Sends what goes nowhere else by `gateway`.
    static func defaultRoute(by gateway: IPAddress, through interface: Int32) -> NetlinkMessage {
        let header: [UInt8] =
            [gateway.family, 0, 0, 0, UInt8(RT_TABLE_MAIN.rawValue), UInt8(RTPROT_BOOT)]
            + [UInt8(RT_SCOPE_UNIVERSE.rawValue), UInt8(RTN_UNICAST)] + UInt32(0).hostBytes
        var message = NetlinkMessage(
            UInt16(RTM_NEWROUTE),
            flags: NLM_F_CREATE | NLM_F_EXCL,
            familyHeader: header
        )
        message.put(RTA_GATEWAY, gateway.bytes)
        message.put(RTA_OIF, interface.hostBytes)
        return message
    }

    static func raise(_ interface: Int32) -> NetlinkMessage {
        NetlinkMessage(UInt16(RTM_NEWLINK), familyHeader: Interface.header(index: interface, raised: true))
    }
}

extension IPAddress {
    var family: UInt8 {
        switch self {
        case .v4: UInt8(AF_INET)
        case .v6: UInt8(AF_INET6)
        }
    }
}
