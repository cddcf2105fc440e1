import CNetlink
import Glibc

/// Our own table of the host's nftables, which no other program has a say in.
enum Firewall {
    // NF_DROP and NF_ACCEPT of linux/netfilter.h, which can't be included beside Glibc's headers.
    static let drop: Int32 = 0
    static let accept: Int32 = 1

    static let table = Table(name: "berth")

    struct Table {
        let name: String
        /// By default for both versions of the internet protocol (`NFPROTO_INET`).
        var family: UInt8 = 1

        func message(_ type: nf_tables_msg_types, flags: Int32 = 0) -> NetlinkMessage {
            NetlinkMessage(
                UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(type.rawValue),
                flags: flags,
                familyHeader: [family, UInt8(NFNETLINK_V0), 0, 0]
            )
        }

        var made: NetlinkMessage {
            var message = message(NFT_MSG_NEWTABLE, flags: NLM_F_CREATE)
            message.put(NFTA_TABLE_NAME, text: name)
            return message
        }

        /// A chain that packets come to at a point of their way (NF_INET_… of linux/netfilter.h), or by a jump.
        func chain(_ chain: String, _ hook: (type: String, point: UInt32, priority: Int32)? = nil) -> NetlinkMessage {
            var message = message(NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE)
            message.put(NFTA_CHAIN_TABLE, text: name)
            message.put(NFTA_CHAIN_NAME, text: chain)
            guard let hook else { return message }
            message.nest(NFTA_CHAIN_HOOK) {
                $0.put(NFTA_HOOK_HOOKNUM, hook.point.bigEndianBytes)
                $0.put(NFTA_HOOK_PRIORITY, hook.priority.bigEndianBytes)
            }
            message.put(NFTA_CHAIN_TYPE, text: hook.type)
            return message
        }

        /// Asks for a chain.
        func question(about chain: String) -> NetlinkMessage {
            var message = message(NFT_MSG_GETCHAIN)
            message.put(NFTA_CHAIN_TABLE, text: name)
            message.put(NFTA_CHAIN_NAME, text: chain)
            return message
        }

        /// Empties a chain.
        func flush(_ chain: String) -> NetlinkMessage {
            var message = message(NFT_MSG_DELRULE)
            message.put(NFTA_RULE_TABLE, text: name)
            message.put(NFTA_RULE_CHAIN, text: chain)
            return message
        }
    }

    private static let publish = "publish"
    private static let forward = "forward"
    /// An empty chain: it says which rules these are, and changes with them, so that those of an older berth are
    /// made anew.
    private static let version = "version-2"
    static let version4: UInt8 = 2
    static let version6: UInt8 = 10

    /// Whether the table is there. It is made as a whole, so that one part stands for all.
    static func isInPlace(_ socket: NetlinkSocket) throws(NetworkError) -> Bool {
        try socket.ask(table.question(about: version), about: "look for the firewall's table") != nil
    }

    /// Makes the table, or makes it anew; what is published stays.
    static func install(_ socket: NetlinkSocket, for network: BridgeNetwork) throws(NetworkError) {
        // Priorities as nft's own names: dstnat, srcnat, filter.
        let chains: [NetlinkMessage] = [
            table.chain(publish),
            table.chain("prerouting", ("nat", 0, -100)),
            table.chain("output", ("nat", 3, -100)),
            table.chain("postrouting", ("nat", 4, 100)),
            table.chain(forward, ("filter", 2, 0)),
            table.chain(version),
        ]
        let names = [publish, "prerouting", "output", "postrouting", forward]
        let batch = [table.made] + PortMap.all.map(\.made) + chains + names.map(table.flush) + rules(for: network)
        try socket.performBatch(batch, to: "set the firewall up (nftables)")
    }

    private static func rules(for network: BridgeNetwork) -> [NetlinkMessage] {
        // What containers send to a published port is left to the monitors, as docker leaves it to its proxy: the
        // answer would go past the host, from an address that nobody asked; and the bridge gives no packet back to
        // the container that it came from.
        let incoming = FirewallRule().comingBy(Bridge.name, isEqual: false).goingToHost().jumping(to: publish)
        return publishing.map { $0.appended(to: publish, of: table) }
            + [incoming.appended(to: "prerouting", of: table)]
            + own.map { $0.appended(to: "output", of: table) }
            + masquerading(network).map { $0.appended(to: "postrouting", of: table) }
            + forwarding.map { $0.appended(to: forward, of: table) }
    }

    /// The exact address first, then any.
    private static var publishing: [FirewallRule] { PortMap.all.map(\.rule) }

    /// What the host itself sends to its addresses; its loopback's never leave it, and are served by the monitors.
    private static var own: [FirewallRule] {
        [
            FirewallRule().ofVersion(version4).loading(NFT_PAYLOAD_NETWORK_HEADER, at: 16, count: 1)
                .comparing(with: [127]).returning(),
            FirewallRule().ofVersion(version6).loading(NFT_PAYLOAD_NETWORK_HEADER, at: 24, count: 16)
                .comparing(with: [UInt8](repeating: 0, count: 15) + [1]).returning(),
            FirewallRule().goingToHost().jumping(to: publish),
        ]
    }

    /// From containers to the world.
    private static func masquerading(_ network: BridgeNetwork) -> [FirewallRule] {
        var sources: [FirewallRule] = []
        if let subnet = network.subnet {
            sources.append(
                FirewallRule().ofVersion(version4).loading(NFT_PAYLOAD_NETWORK_HEADER, at: 12, count: 4).within(subnet)
            )
        }
        if let prefix = network.prefix6 {
            sources.append(
                FirewallRule().ofVersion(version6).loading(NFT_PAYLOAD_NETWORK_HEADER, at: 8, count: 8)
                    .comparing(with: prefix)
            )
        }
        return sources.map { $0.leavingBy(Bridge.name, isEqual: false).masquerading() }
    }

    // Bits of linux/netfilter/nf_conntrack_common.h: IPS_DST_NAT, and the states ESTABLISHED and RELATED.
    private static let destinationTranslated: UInt32 = 1 << 5
    private static let answering: UInt32 = 1 << 1 | 1 << 2

    /// Into containers comes only what is published, or an answer.
    private static var forwarding: [FirewallRule] {
        let inward = FirewallRule().leavingBy(Bridge.name)
        return [
            inward.comingBy(Bridge.name).accepting(),
            inward.tracked(NFT_CT_STATE, answering).accepting(),
            inward.tracked(NFT_CT_STATUS, destinationTranslated).accepting(),
            inward.dropping(),
        ]
    }
}
