import CNetlink
import FoundationEssentials
import Glibc
import SystemPackage

/// The bridge that joins this host's containers, with its firewall table: made when the first container needs it, and
/// mended when somebody has taken a part of it away. It stays.
struct Bridge {
    static let name = "berth0"
    private static let recordName = "bridge.json"
    private static let maximumRecordSize = 4096

    let network: BridgeNetwork
    let index: Int32
    let mtu: UInt32

    /// Finds the bridge, or makes it.
    ///
    /// - Parameter state: the folder that holds what there is to know of the network.
    /// - Throws: ``NetworkError``.
    init(_ route: NetlinkSocket, _ firewall: NetlinkSocket, state: NetworkFolder) throws {
        // A firewall that can't be read is no reason not to start: at worst the way out stays closed.
        defer { try? ForeignFirewall.open(firewall, taking: state) }
        // Nearly always all is there, and costs a few questions.
        if let bridge = try Bridge(whole: route, firewall, state) {
            self = bridge
            return
        }
        self = try state.withLock {
            try Bridge(whole: route, firewall, state) ?? Bridge(making: route, firewall, state)
        }
    }

    /// Nil unless every part is there.
    private init?(whole route: NetlinkSocket, _ firewall: NetlinkSocket, _ state: NetworkFolder) throws {
        guard let network = try Self.record(in: state), let found = try route.interface(named: Self.name), found.isUp,
            try Firewall.isInPlace(firewall)
        else { return nil }
        self.network = network
        index = found.index
        mtu = found.mtu
    }

    private init(making route: NetlinkSocket, _ firewall: NetlinkSocket, _ state: NetworkFolder) throws {
        let withIPv6 = (NetworkSetting.read("ipv6/conf/all/disable_ipv6") ?? "1") == "0"
        let routes = try HostRoutes(route)
        let existing = try route.interface(named: Self.name)
        let known = try Self.record(in: state)
        // Without an interface the subnet may have become somebody else's.
        let isKnownFree = known?.subnet.map { subnet in !routes.subnets.contains { $0.overlaps(subnet) } } == true
        if let known, existing != nil || isKnownFree {
            network = known
        } else {
            network = try BridgeNetwork.choose(besides: routes, withIPv6: withIPv6)
        }
        if existing == nil {
            let outward = try routes.defaultInterface.flatMap { try route.interface($0) }
            try Self.makeInterface(route, mtu: outward?.mtu ?? 1500)
        }
        guard let found = try route.interface(named: Self.name) else { throw NetworkError.noFreeSubnet }
        index = found.index
        mtu = found.mtu
        // Before it is up: containers are to be nobody's routers.
        if withIPv6 { try NetworkSetting.write("ipv6/conf/\(Self.name)/accept_ra", "0") }
        var messages = [NetlinkMessage.address(network.gateway, prefix: network.prefix, of: index)]
        if let gateway6 = network.gateway6 {
            messages.append(.address(gateway6, prefix: BridgeNetwork.prefix6, of: index))
        }
        try route.perform(messages + [.raise(index)], to: "raise the bridge \(Self.name)", accepting: [.fileExists])
        try Forwarding.enable(withIPv6: network.gateway6 != nil)
        try Firewall.install(firewall, for: network)
        try state.write([UInt8](JSONEncoder().encode(network)), as: Self.recordName)
    }

    private static func record(in state: NetworkFolder) throws -> BridgeNetwork? {
        guard let bytes = try readFile(at: state.path.appending(recordName), limit: maximumRecordSize),
            let network = try? JSONDecoder().decode(BridgeNetwork.self, from: Data(bytes)), network.subnet != nil
        else { return nil }
        return network
    }

    private static func makeInterface(_ route: NetlinkSocket, mtu: UInt32) throws(NetworkError) {
        var message = NetlinkMessage(
            UInt16(RTM_NEWLINK),
            flags: NLM_F_CREATE | NLM_F_EXCL,
            familyHeader: Interface.header()
        )
        message.put(IFLA_IFNAME, text: name)
        message.put(IFLA_MTU, mtu.hostBytes)
        // One of its own: else it would be a container's, and another whenever that ends.
        message.put(IFLA_ADDRESS, [0x02, 0x42] + (0..<4).map { _ in UInt8.random(in: 0...255) })
        message.nest(IFLA_LINKINFO) { $0.put(IFLA_INFO_KIND, text: "bridge") }
        try route.perform([message], to: "make the bridge \(name)", accepting: [.fileExists])
    }
}
