import Glibc

/// Serves connections that the host makes to a published port at its own loopback, where no packet is redirected.
final class StreamProxy {
    /// At a time, of one port; the next wait in the kernel.
    private static let maximumConnections = 256

    private let holder: PortHolder
    private let targets: [SocketAddress]
    private var connections: [ProxiedConnection] = []

    init(_ holder: PortHolder, to targets: [SocketAddress]) {
        self.holder = holder
        self.targets = targets
    }

    func addInterests(to set: inout PollSet) {
        connections.removeAll { !$0.isOpen }
        for connection in connections { connection.addInterests(to: &set) }
        guard connections.count < Self.maximumConnections else { return }
        set.add(holder.descriptor, POLLIN) { [self] in accept() }
    }

    private func accept() {
        let client = Glibc.accept(holder.descriptor, nil, nil)
        guard client >= 0 else { return }
        connections.append(ProxiedConnection(client, to: targets))
    }
}
