import CNetlink
import Glibc
import SystemPackage

/// A container's own interface: one end of a cable whose other end is plugged into the bridge.
struct ContainerInterface {
    static let name = "eth0"

    let bridge: Bridge
    let address: IPv4Address
    let macAddress: MACAddress

    /// Lays the cable from the bridge into `namespace`, in one message. It goes when the namespace does.
    func plug(into namespace: NetworkNamespace, _ route: NetlinkSocket) throws(NetworkError) {
        var message = NetlinkMessage(
            UInt16(RTM_NEWLINK),
            flags: NLM_F_CREATE | NLM_F_EXCL,
            familyHeader: Interface.header(raised: true)
        )
        message.put(IFLA_MTU, bridge.mtu.hostBytes)
        message.put(IFLA_MASTER, bridge.index.hostBytes)
        message.nest(IFLA_LINKINFO) { link in
            link.put(IFLA_INFO_KIND, text: "veth")
            link.nest(IFLA_INFO_DATA) { data in
                data.nest(VETH_INFO_PEER, header: Interface.header()) { peer in
                    peer.put(IFLA_IFNAME, text: Self.name)
                    peer.put(IFLA_MTU, bridge.mtu.hostBytes)
                    peer.put(IFLA_ADDRESS, macAddress.bytes)
                    peer.put(IFLA_NET_NS_FD, namespace.descriptor.hostBytes)
                }
            }
        }
        try route.perform([message], to: "connect the container to the bridge")
    }

    /// Gives it its addresses and routes. For a thread in the container's namespace.
    func configure() throws {
        let route = try NetlinkSocket(NETLINK_ROUTE)
        guard let interface = try route.interface(named: Self.name) else {
            throw NetworkError.refused(operation: "find the container's interface", Errno(rawValue: ENODEV), detail: "")
        }
        let index = interface.index
        var messages = [NetlinkMessage.address(.v4(address), prefix: bridge.network.prefix, of: index)]
        var routes = [NetlinkMessage.defaultRoute(by: bridge.network.gateway, through: index)]
        if let gateway6 = bridge.network.gateway6, let address6 = bridge.network.address6(beside: address) {
            // Before it is up: another container isn't to tell this one where to send its packets.
            try? NetworkSetting.write("ipv6/conf/\(Self.name)/accept_ra", "0")
            messages.append(.address(.v6(address6), prefix: BridgeNetwork.prefix6, of: index))
            routes.append(.defaultRoute(by: gateway6, through: index))
        }
        try route.perform(messages + [.raise(index)] + routes, to: "give the container its address")
    }
}
