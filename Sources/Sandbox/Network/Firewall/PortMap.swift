import CNetlink
import Glibc

/// A map of our table, from what a packet is for to the container's address and port.
///
/// A published port is one element: it comes and goes in one message, whatever else is published.
struct PortMap: Hashable {
    /// `NFPROTO_IPV4` or `NFPROTO_IPV6`.
    let family: UInt8
    /// Whether the host's address is a part of the key.
    let isByAddress: Bool

    static let all = [Firewall.version4, Firewall.version6].flatMap { family in
        [PortMap(family: family, isByAddress: true), PortMap(family: family, isByAddress: false)]
    }

    var name: String { (family == Firewall.version4 ? "ipv4" : "ipv6") + (isByAddress ? "-ports" : "-ports-any") }

    private var addressSize: Int { family == Firewall.version4 ? 4 : 16 }

    // nft's numbers of data types, by which it shows the map: an address, a protocol, a port; six bits each.
    private var addressType: UInt32 { family == Firewall.version4 ? 7 : 8 }
    private static let protocolType: UInt32 = 12
    private static let portType: UInt32 = 13

    var made: NetlinkMessage {
        var message = Firewall.table.message(NFT_MSG_NEWSET, flags: NLM_F_CREATE)
        let key = (isByAddress ? addressType << 12 : 0) | Self.protocolType << 6 | Self.portType
        message.put(NFTA_SET_TABLE, text: Firewall.table.name)
        message.put(NFTA_SET_NAME, text: name)
        message.put(NFTA_SET_FLAGS, UInt32(NFT_SET_MAP.rawValue).bigEndianBytes)
        message.put(NFTA_SET_KEY_TYPE, key.bigEndianBytes)
        message.put(NFTA_SET_KEY_LEN, UInt32((isByAddress ? addressSize : 0) + 8).bigEndianBytes)
        message.put(NFTA_SET_DATA_TYPE, (addressType << 6 | Self.portType).bigEndianBytes)
        message.put(NFTA_SET_DATA_LEN, UInt32(addressSize + 4).bigEndianBytes)
        message.put(NFTA_SET_ID, (UInt32(family) << 1 | (isByAddress ? 1 : 0)).bigEndianBytes)
        return message
    }

    /// Redirects what the map knows.
    var rule: FirewallRule {
        let isVersion4 = family == Firewall.version4
        let words = addressSize / 4
        let first = isByAddress ? words : 0
        let found = first + 2 <= 4 ? 4 : 8
        var rule = FirewallRule().ofVersion(family)
        if isByAddress {
            rule = rule.loading(
                NFT_PAYLOAD_NETWORK_HEADER,
                at: isVersion4 ? 16 : 24,
                count: UInt32(addressSize)
            )
        }
        return rule.loading(NFT_META_L4PROTO, into: first)
            .loading(NFT_PAYLOAD_TRANSPORT_HEADER, at: 2, count: 2, into: first + 1)
            .mapped(by: name, into: found)
            .redirecting(family, toAddressIn: found, portIn: found + words)
    }

    /// The message that adds (`NFT_MSG_NEWSETELEM`), removes or looks up elements.
    func message(_ type: nf_tables_msg_types, _ elements: [Element], flags: Int32 = 0) -> NetlinkMessage {
        var message = Firewall.table.message(type, flags: flags)
        message.put(NFTA_SET_ELEM_LIST_TABLE, text: Firewall.table.name)
        message.put(NFTA_SET_ELEM_LIST_SET, text: name)
        message.nest(NFTA_SET_ELEM_LIST_ELEMENTS) { list in
            for element in elements {
                list.nest(NFTA_LIST_ELEM) {
                    $0.nest(NFTA_SET_ELEM_KEY) { $0.put(NFTA_DATA_VALUE, element.key) }
                    guard type == NFT_MSG_NEWSETELEM else { return }
                    $0.nest(NFTA_SET_ELEM_DATA) { $0.put(NFTA_DATA_VALUE, element.value) }
                }
            }
        }
        return message
    }

    /// A port at the host, and whose it is.
    struct Element: Hashable {
        let map: PortMap
        let key: [UInt8]
        let value: [UInt8]

        /// Nil where the container has no address of the host's version.
        init?(_ port: PublishedPort, at container: [IPAddress]) {
            let host = port.hostAddress
            guard let address = container.first(where: { $0.family == host.family }) else { return nil }
            let version = address.family == UInt8(AF_INET) ? Firewall.version4 : Firewall.version6
            map = PortMap(family: version, isByAddress: !host.isAny)
            // Each part fills whole words.
            key =
                (host.isAny ? [] : host.bytes) + [port.target.transport.number, 0, 0, 0]
                + port.hostPort.bigEndianBytes + [0, 0]
            value = address.bytes + port.target.port.bigEndianBytes + [0, 0]
        }
    }
}
