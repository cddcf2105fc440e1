import Glibc

/// What a container's monitor does for its network as long as it runs: it serves published ports at the host's
/// loopback, and answers the container's questions about names.
final class NetworkService {
    private let streams: [StreamProxy]
    private let datagrams: [DatagramProxy]
    private let nameServer: NameServer?

    /// - Parameter addresses: the container's, the one that every program listens at first.
    init(_ holders: [PortHolder], addresses: [IPAddress], nameServer: NameServer?) {
        var streams: [StreamProxy] = []
        var datagrams: [DatagramProxy] = []
        for holder in holders {
            let targets = addresses.map { SocketAddress($0, holder.port.target.port) }
            switch holder.port.target.transport {
            case .tcp: streams.append(StreamProxy(holder, to: targets))
            case .udp: if let target = targets.first { datagrams.append(DatagramProxy(holder, to: target)) }
            }
        }
        self.streams = streams
        self.datagrams = datagrams
        self.nameServer = nameServer
    }

    var deadline: Deadline? { nameServer?.deadline }

    func addInterests(to set: inout PollSet) {
        for proxy in streams { proxy.addInterests(to: &set) }
        for proxy in datagrams { proxy.addInterests(to: &set) }
        nameServer?.addInterests(to: &set)
    }
}
