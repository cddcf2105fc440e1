import CNetlink
import Glibc
import SystemPackage

/// Where a container's name server is asked: sockets in the container's network.
final class NameSockets: Sendable {
    let datagrams: Int32
    let listener: Int32
    let network: NetworkNamespace

    /// Opens them in `network`, for a thread that is in it.
    ///
    /// They listen at ports of the kernel's choice, and what goes to port 53 is redirected to those: the container may
    /// have a name server of its own at that port.
    init(in network: NetworkNamespace) throws(NetworkError) {
        self.network = network
        datagrams = try Self.open(SOCK_DGRAM, port: 0)
        do {
            listener = try Self.open(SOCK_STREAM, port: 0)
        } catch {
            close(datagrams)
            throw error
        }
        guard listen(listener, 16) == 0 else { throw Self.failure }
        try redirect()
    }

    deinit {
        close(datagrams)
        close(listener)
    }

    private static func open(_ type: __socket_type, port: UInt16) throws(NetworkError) -> Int32 {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, Int32(type.rawValue) | flags, 0)
        guard descriptor >= 0 else { throw failure }
        let address = SocketAddress(.v4(NameServer.address), port)
        guard address.read({ bind(descriptor, $0, $1) }) == 0 else {
            let error = failure
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static var failure: NetworkError {
        .refused(operation: "listen for the container's questions about names", .current, detail: "")
    }

    private func redirect() throws(NetworkError) {
        let table = Firewall.Table(name: "berth-names")
        let chain = "output"
        let rules = [(TransportProtocol.udp, datagrams), (.tcp, listener)].map { transport, descriptor in
            var bound = SocketAddress()
            _ = bound.write { getsockname(descriptor, $0, $1) }
            return FirewallRule().ofVersion(Firewall.version4)
                .loading(NFT_PAYLOAD_NETWORK_HEADER, at: 16, count: 4).comparing(with: NameServer.address.bytes)
                .loading(NFT_META_L4PROTO).comparing(with: [transport.number])
                .loading(NFT_PAYLOAD_TRANSPORT_HEADER, at: 2, count: 2)
                .comparing(with: NameServer.port.bigEndianBytes)
                .holding(NameServer.address.bytes, in: 0).holding(bound.port.bigEndianBytes, in: 1)
                .redirecting(Firewall.version4, toAddressIn: 0, portIn: 1)
                .appended(to: chain, of: table)
        }
        let batch = [table.made, table.chain(chain, ("nat", 3, -100))] + rules
        try NetlinkSocket(NETLINK_NETFILTER).performBatch(batch, to: "redirect the container's questions about names")
    }
}
