import CNetlink
import Glibc
import SystemPackage

/// A container's published ports in the firewall.
struct Publication {
    let elements: [PortMap.Element]

    /// - Parameter container: its addresses, at most one of each version.
    init(_ ports: [PublishedPort], at container: [IPAddress]) {
        // What is published at the loopback only, no other host reaches.
        elements = ports.filter { !$0.hostAddress.isLoopback }.compactMap { PortMap.Element($0, at: container) }
    }

    /// Publishes all of them at once. What a killed monitor left at these ports goes: they are ours, for we hold them.
    func add(_ socket: NetlinkSocket) throws {
        guard !elements.isEmpty else { return }
        let additions = byMap.map { $0.message(NFT_MSG_NEWSETELEM, $1, flags: NLM_F_CREATE | NLM_F_EXCL) }
        if try socket.performBatch(additions, to: Self.operation, expecting: .fileExists) { return }
        let stale = try elements.filter { try Self.value(of: $0, socket) != nil }
        let removals = stale.map { $0.map.message(NFT_MSG_DELSETELEM, [$0]) }
        try socket.performBatch(removals + additions, to: Self.operation)
    }

    /// Takes them out, as far as they still lead to this container.
    func remove(_ socket: NetlinkSocket) throws {
        guard !elements.isEmpty else { return }
        // All are there, but for once in a while; and somebody may have emptied the table.
        let own = try elements.filter { try Self.value(of: $0, socket) == $0.value }
        let removals = Publication(own).byMap.map { $0.message(NFT_MSG_DELSETELEM, $1) }
        try socket.performBatch(removals, to: Self.operation, expecting: .noSuchFileOrDirectory)
    }

    private init(_ elements: [PortMap.Element]) {
        self.elements = elements
    }

    private static let operation = "publish the container's ports (nftables)"

    private var byMap: [(PortMap, [PortMap.Element])] {
        Dictionary(grouping: elements, by: \.map).map { ($0.key, $0.value) }
    }

    /// Where a port leads now; nil where it isn't published.
    private static func value(of element: PortMap.Element, _ socket: NetlinkSocket) throws(NetworkError) -> [UInt8]? {
        let reply = try socket.ask(element.map.message(NFT_MSG_GETSETELEM, [element]), about: operation)
        let list = reply?.attributes(after: 4)[UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)]
        let found = list.map { NetlinkReply.attributes(in: $0)[UInt16(NFTA_LIST_ELEM.rawValue)] ?? [] }
        let data = found.map { NetlinkReply.attributes(in: $0)[UInt16(NFTA_SET_ELEM_DATA.rawValue)] ?? [] }
        return data.flatMap { NetlinkReply.attributes(in: $0)[UInt16(NFTA_DATA_VALUE.rawValue)] }.map { Array($0) }
    }
}
