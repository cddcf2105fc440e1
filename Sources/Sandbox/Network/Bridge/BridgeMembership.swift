import CNetlink
import Glibc
import SystemPackage

/// A container's place on the bridge: its address, its cable and its published ports.
final class BridgeMembership {
    let folder: NetworkFolder
    let root: FilePath
    let lease: Lease
    private let bridge: Bridge
    private let held: HeldLease
    private let macAddress: MACAddress

    /// Takes an address, and writes down what is going to be published there.
    init(of container: Container, ports: [PublishedPort]) throws {
        let configuration = container.configuration.network
        root = container.store.root
        folder = try NetworkFolder()
        let firewall = try NetlinkSocket(NETLINK_NETFILTER)
        bridge = try Bridge(NetlinkSocket(NETLINK_ROUTE), firewall, state: folder)
        guard let subnet = bridge.network.subnet else { throw NetworkError.noFreeSubnet }
        try Self.checkLinks(configuration.links, of: container, folder)

        let leases = AddressLeases(folder: folder, subnet: subnet)
        let (address, held) = try leases.take(configuration.address) { stale in
            try Publication(stale.ports, at: stale.addresses).remove(firewall)
        }
        self.held = held
        macAddress = configuration.macAddress ?? MACAddress(for: address)
        lease = Lease(
            container: container.id.rawValue,
            root: root.string,
            address: .v4(address),
            address6: bridge.network.address6(beside: address).map(IPAddress.v6),
            aliases: configuration.aliases,
            ports: ports
        )
        try held.write(lease)
    }

    deinit {
        release()
    }

    private static func checkLinks(_ links: [NetworkLink], of container: Container, _ folder: NetworkFolder) throws {
        guard !links.isEmpty else { return }
        let directory = NameDirectory(folder, root: container.store.root, links: links)
        for link in links {
            guard directory.addresses(of: link.alias.lowercased()) != nil else {
                throw NetworkError.linkedContainerDoesNotRun(link.container)
            }
        }
    }

    var state: NetworkState {
        var state = NetworkState(mode: .bridge)
        state.address = lease.address
        state.prefixLength = bridge.network.prefix
        state.gateway = bridge.network.gateway
        state.address6 = lease.address6
        state.prefixLength6 = lease.address6.map { _ in BridgeNetwork.prefix6 }
        state.gateway6 = bridge.network.gateway6
        state.macAddress = macAddress
        state.ports = lease.ports
        return state
    }

    /// Connects the container's process.
    ///
    /// - Returns: where the container asks for names.
    func connect(_ process: pid_t) throws -> NameSockets {
        guard case .v4(let address) = lease.address else { throw NetworkError.noFreeAddress }
        let namespace = try NetworkNamespace(of: process)
        let interface = ContainerInterface(bridge: bridge, address: address, macAddress: macAddress)
        try interface.plug(into: namespace, NetlinkSocket(NETLINK_ROUTE))
        let sockets = try namespace.run {
            try interface.configure()
            return try NameSockets(in: namespace)
        }
        try Publication(lease.ports, at: lease.addresses).add(NetlinkSocket(NETLINK_NETFILTER))
        return sockets
    }

    private var isReleased = false

    /// Gives the address back. The cable goes with the container's namespace.
    func release() {
        guard !isReleased else { return }
        isReleased = true
        if let firewall = try? NetlinkSocket(NETLINK_NETFILTER) {
            try? Publication(lease.ports, at: lease.addresses).remove(firewall)
        }
        held.remove()
    }

    /// Undoes what a killed monitor left of a container's.
    static func reap(_ container: ContainerIdentifier) throws {
        let firewall = try NetlinkSocket(NETLINK_NETFILTER)
        try AddressLeases.reap(container.rawValue, in: NetworkFolder()) { stale in
            try Publication(stale.ports, at: stale.addresses).remove(firewall)
        }
    }
}
