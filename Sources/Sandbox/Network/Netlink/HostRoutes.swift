import CNetlink
import Glibc

/// Where the host's IPv4 packets go.
struct HostRoutes {
    /// Every subnet that there is a route to, but for the default.
    let subnets: [IPv4Subnet]
    /// The interface of the default route, the best one.
    let defaultInterface: Int32?

    init(_ socket: NetlinkSocket) throws(NetworkError) {
        let header: [UInt8] = [UInt8(AF_INET)] + [UInt8](repeating: 0, count: 11)
        let question = NetlinkMessage(UInt16(RTM_GETROUTE), familyHeader: header)
        var subnets: [IPv4Subnet] = []
        var best: (metric: UInt32, interface: Int32)?
        for route in try socket.list(question, about: "list the routes") {
            let attributes = route.attributes(after: 12)
            let prefix = Int(route.payload.dropFirst().first ?? 0)
            if let destination = attributes[UInt16(RTA_DST.rawValue)], prefix > 0 {
                let number = destination.number(at: 0, as: UInt32.self).byteSwapped
                subnets.append(IPv4Subnet(IPv4Address(number: number), prefix: prefix))
            } else if let interface = attributes[UInt16(RTA_OIF.rawValue)]?.number(at: 0, as: Int32.self) {
                let metric = attributes[UInt16(RTA_PRIORITY.rawValue)]?.number(at: 0, as: UInt32.self) ?? 0
                if metric < best?.metric ?? .max { best = (metric, interface) }
            }
        }
        self.subnets = subnets
        defaultInterface = best?.interface
    }
}
