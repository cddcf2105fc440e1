/// A port of a container, such as an image says is to be reached: `80/tcp`.
package struct ContainerPort: Sendable, Hashable {
    package let port: UInt16
    package let transport: TransportProtocol

    package init(_ port: UInt16, _ transport: TransportProtocol = .tcp) {
        self.port = port
        self.transport = transport
    }

    /// Parses `80`, `80/udp` and ranges such as `7000-7009/tcp`.
    ///
    /// - Throws: ``NetworkError/invalidPort(_:)``.
    package static func parse(_ text: String) throws(NetworkError) -> [ContainerPort] {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var transport = TransportProtocol.tcp
        if parts.count == 2 {
            guard let named = TransportProtocol(rawValue: parts[1].lowercased()) else { throw .invalidPort(text) }
            transport = named
        }
        guard let range = PortRange(parts[0]) else { throw .invalidPort(text) }
        return range.ports.map { ContainerPort($0, transport) }
    }
}

extension ContainerPort: Comparable {
    package static func < (one: ContainerPort, other: ContainerPort) -> Bool {
        (one.port, one.transport.rawValue) < (other.port, other.transport.rawValue)
    }
}

extension ContainerPort: CustomStringConvertible {
    package var description: String { "\(port)/\(transport.rawValue)" }
}

extension ContainerPort: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let ports = try ContainerPort.parse(container.decode(String.self))
        guard ports.count == 1 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not one port")
        }
        self = ports[0]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
