import Glibc
import SystemPackage

/// A port at the host, held for a container by a socket: no other container and no program gets it.
final class PortHolder {
    let port: PublishedPort
    let descriptor: Int32
    /// How many connections wait in the kernel.
    private static let backlog: Int32 = 128

    private init(_ port: PublishedPort, _ descriptor: Int32) {
        self.port = port
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Holds what each of `mappings` asks for; all of them, or none.
    ///
    /// - Throws: ``NetworkError/portTaken(_:)``, ``NetworkError/portRefused(_:_:)``.
    static func hold(_ mappings: [PortMapping]) throws -> [PortHolder] {
        try mappings.flatMap { try hold($0).get() }
    }

    /// At the first of the host's ports that is free.
    private static func hold(_ mapping: PortMapping) -> Result<[PortHolder], NetworkError> {
        // What the kernel finds free for one version may be taken for the other: it is asked again.
        let candidates = mapping.hostPorts.map(Array.init) ?? [UInt16](repeating: 0, count: 16)
        var outcome = Result<[PortHolder], NetworkError>.failure(.portTaken("\(mapping.target)"))
        for port in candidates {
            outcome = hold(mapping, at: port)
            guard case .failure(.portTaken) = outcome else { break }
        }
        return outcome
    }

    private static func hold(_ mapping: PortMapping, at port: UInt16) -> Result<[PortHolder], NetworkError> {
        if let address = mapping.address { return open(mapping.target, at: address, port).map { [$0] } }
        let first = open(mapping.target, at: .v4(IPv4Address(number: 0)), port)
        guard case .success(let holder) = first, let any = IPv6Address(bytes: [UInt8](repeating: 0, count: 16)) else {
            return first.map { [$0] }
        }
        let second = open(mapping.target, at: .v6(any), holder.port.hostPort)
        // A host without IPv6.
        if case .failure(.portRefused) = second { return .success([holder]) }
        return second.map { [holder, $0] }
    }

    /// Takes one port at one address; any of the kernel's choice for 0.
    private static func open(
        _ target: ContainerPort,
        at address: IPAddress,
        _ port: UInt16
    ) -> Result<PortHolder, NetworkError> {
        let wanted = PublishedPort(hostAddress: address, hostPort: port, target: target)
        let type = target.transport.socketType | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(Int32(address.family), type, 0)
        guard descriptor >= 0 else { return .failure(.portRefused(wanted.host, .current)) }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // Connections of before may still be on their way out.
        if target.transport == .tcp { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size) }
        if case .v6 = address { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
        var bound = SocketAddress(address, port)
        guard bound.read({ bind(descriptor, $0, $1) }) == 0,
            target.transport == .udp || listen(descriptor, backlog) == 0
        else {
            let error = Errno.current
            close(descriptor)
            return .failure(error == .addressInUse ? .portTaken(wanted.host) : .portRefused(wanted.host, error))
        }
        _ = bound.write { getsockname(descriptor, $0, $1) }
        let held = PublishedPort(hostAddress: address, hostPort: bound.port, target: target)
        return .success(PortHolder(held, descriptor))
    }
}
