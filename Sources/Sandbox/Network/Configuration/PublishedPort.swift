/// A port of a running container, and where at the host it is reached.
package struct PublishedPort: Sendable, Hashable, Codable {
    package var hostAddress: IPAddress
    package var hostPort: UInt16
    package var target: ContainerPort

    package init(hostAddress: IPAddress, hostPort: UInt16, target: ContainerPort) {
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.target = target
    }

    /// As docker prints it: `0.0.0.0:8002`, `[::]:8002`.
    package var host: String {
        switch hostAddress {
        case .v4(let address): "\(address):\(hostPort)"
        case .v6(let address): "[\(address)]:\(hostPort)"
        }
    }
}
