/// How a container is connected, as its user wants it.
package struct NetworkConfiguration: Sendable, Hashable, Codable {
    package var mode = NetworkMode.bridge
    package var ports: [PortMapping] = []
    /// What the image, or `--expose`, says is to be reached.
    package var exposedPorts: [ContainerPort] = []
    /// Whether all of those are published, each at a port of the kernel's choice.
    package var publishesExposedPorts = false
    package var resolver = ResolverConfiguration()
    package var hosts: [HostEntry] = []
    package var links: [NetworkLink] = []
    /// Further names by which others on the bridge know it.
    package var aliases: [String] = []
    /// Nil for one that is free.
    package var address: IPAddress?
    package var macAddress: MACAddress?

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        mode = try values.decode(.mode, default: mode)
        ports = try values.decode(.ports, default: ports)
        exposedPorts = try values.decode(.exposedPorts, default: exposedPorts)
        publishesExposedPorts = try values.decode(.publishesExposedPorts, default: publishesExposedPorts)
        resolver = try values.decode(.resolver, default: resolver)
        hosts = try values.decode(.hosts, default: hosts)
        links = try values.decode(.links, default: links)
        aliases = try values.decode(.aliases, default: aliases)
        address = try values.decodeIfPresent(IPAddress.self, forKey: .address)
        macAddress = try values.decodeIfPresent(MACAddress.self, forKey: .macAddress)
    }

    /// What the user is to know of it beforehand; nil when all is as wished.
    package var warning: String? {
        // Docker's words.
        if mode == .host, !ports.isEmpty { return "Published ports are discarded when using host network mode" }
        guard mode == .bridge, StartPlan.isRootless, mappings.isEmpty else { return nil }
        do throws(NetworkError) {
            _ = try HelperProgram.installed()
            return nil
        } catch {
            return "the container reaches nobody: \(error)"
        }
    }

    /// Parses what `--ip` says.
    ///
    /// - Throws: ``NetworkError/invalidAddress(_:)``.
    package static func address(_ text: String) throws(NetworkError) -> IPAddress {
        guard let address = IPAddress(text) else { throw .invalidAddress(text) }
        return address
    }

    /// All that is to be published: what was asked for, then the exposed ports that weren't.
    var mappings: [PortMapping] {
        guard publishesExposedPorts else { return ports }
        let named = Set(ports.map(\.target))
        return ports + Set(exposedPorts).subtracting(named).sorted().map { PortMapping(target: $0) }
    }

    /// - Throws: ``NetworkError``, where two wishes exclude each other.
    package func validate() throws(NetworkError) {
        for alias in aliases where !DomainName.isValid(alias) { throw .invalidAlias(alias) }
        if case .container = mode {
            // All of it is the other container's.
            guard ports.isEmpty, !publishesExposedPorts else { throw .conflict(mode: "\(mode)", with: "-p and -P") }
            guard hosts.isEmpty, resolver == ResolverConfiguration() else {
                throw .conflict(mode: "\(mode)", with: "--add-host and --dns")
            }
        }
        guard mode != .bridge else { return }
        guard links.isEmpty else { throw .conflict(mode: "\(mode)", with: "--link") }
        guard aliases.isEmpty else { throw .conflict(mode: "\(mode)", with: "--network-alias") }
        guard address == nil else { throw .conflict(mode: "\(mode)", with: "--ip and --ip6") }
        guard macAddress == nil else { throw .conflict(mode: "\(mode)", with: "--mac-address") }
    }
}
