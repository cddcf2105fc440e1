/// A port of a container that is to be reached at the host: what `-p` says, one port of it.
package struct PortMapping: Sendable, Hashable, Codable {
    /// The host's address; nil for all of them.
    package var address: IPAddress?
    /// The host's port is the first of these that is free; any of the kernel's choice where there are none.
    package var hostPorts: ClosedRange<UInt16>?
    package var target: ContainerPort

    package init(address: IPAddress? = nil, hostPorts: ClosedRange<UInt16>? = nil, target: ContainerPort) {
        self.address = address
        self.hostPorts = hostPorts
        self.target = target
    }

    /// How many ports one `-p` may name.
    private static let maximumCount = 1000

    /// Parses `[[IP:][HOST]:]CONTAINER[/tcp|udp]`, ranges included.
    ///
    /// ```swift
    /// try PortMapping.parse("127.0.0.1:8000-8001:80-81/tcp")
    /// ```
    ///
    /// - Throws: ``NetworkError/invalidPublication(_:)``.
    package static func parse(_ text: String) throws(NetworkError) -> [PortMapping] {
        let parts = try split(text)
        guard let targets = try? ContainerPort.parse(parts.container), targets.count <= maximumCount else {
            throw .invalidPublication(text)
        }
        var address: IPAddress?
        if !parts.address.isEmpty {
            guard let parsed = IPAddress(parts.address) else { throw .invalidPublication(text) }
            // All addresses of version 4 are those that `-p` without one means, but for version 6.
            address = parsed
        }
        guard !parts.host.isEmpty else { return targets.map { PortMapping(address: address, target: $0) } }
        guard let host = PortRange(parts.host) else { throw .invalidPublication(text) }
        // One port of the container at the first free of a range, or port by port.
        if targets.count == 1 {
            return [PortMapping(address: address, hostPorts: host.first...host.last, target: targets[0])]
        }
        guard host.count == targets.count else { throw .invalidPublication(text) }
        return zip(host.ports, targets).map { PortMapping(address: address, hostPorts: $0...$0, target: $1) }
    }

    private static func split(
        _ text: String
    ) throws(NetworkError) -> (address: Substring, host: Substring, container: String) {
        var rest = text[...]
        var address: Substring = ""
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]"), rest[rest.index(after: end)...].first == ":" else {
                throw .invalidPublication(text)
            }
            address = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(end, offsetBy: 2)...]
            guard !address.isEmpty, rest.contains(":") else { throw .invalidPublication(text) }
        }
        guard let last = rest.lastIndex(of: ":") else { return (address, "", String(rest)) }
        let container = String(rest[rest.index(after: last)...])
        rest = rest[..<last]
        if address.isEmpty, let colon = rest.lastIndex(of: ":") {
            address = rest[..<colon]
            rest = rest[rest.index(after: colon)...]
        }
        return (address, rest, container)
    }
}
