/// How a running container is connected.
package struct NetworkState: Sendable, Hashable, Codable {
    package var mode: NetworkMode
    package var address: IPAddress?
    /// Of the bridge's subnet, in bits.
    package var prefixLength: Int?
    package var gateway: IPAddress?
    package var address6: IPAddress?
    package var prefixLength6: Int?
    package var gateway6: IPAddress?
    package var macAddress: MACAddress?
    package var ports: [PublishedPort] = []

    package init(mode: NetworkMode) {
        self.mode = mode
    }
}
