import ArgumentParser
import Sandbox

/// How a new container is connected.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: .joinable("p"),
        help: ArgumentHelp(
            "Let a port of the container be reached at the host; ranges too.",
            valueName: "[[ip:][host]:]container[/tcp|udp]"
        )
    )
    var publish: [String] = []

    @Flag(name: [.customShort("P"), .long], help: "Let all ports that the image exposes be reached, at free ports.")
    var publishAll = false

    @Option(help: ArgumentHelp("A port for -P, as if the image exposed it.", valueName: "port[/tcp|udp]"))
    var expose: [String] = []

    @Option(
        name: [.customLong("network"), .customLong("net")],
        help: ArgumentHelp("The network: bridge, none, host or container:NAME.", valueName: "mode")
    )
    var network: String = "bridge"

    @Option(help: ArgumentHelp("Whom to ask for names; by default whom the host asks.", valueName: "address"))
    var dns: [String] = []

    @Option(help: ArgumentHelp("Where to look for short names; '.' for nowhere.", valueName: "domain"))
    var dnsSearch: [String] = []

    @Option(
        name: [.customLong("dns-option"), .customLong("dns-opt")],
        help: ArgumentHelp("An option of resolv.conf.", valueName: "option")
    )
    var dnsOption: [String] = []

    @Option(
        help: ArgumentHelp("A line of /etc/hosts; the address may be 'host-gateway'.", valueName: "name:address")
    )
    var addHost: [String] = []

    @Option(help: ArgumentHelp("Know a container by a further name.", valueName: "name[:alias]"))
    var link: [String] = []

    @Option(
        name: [.customLong("network-alias"), .customLong("net-alias")],
        help: ArgumentHelp("A further name by which other containers know it.", valueName: "name")
    )
    var networkAlias: [String] = []

    @Option(help: ArgumentHelp("Its address on the bridge; by default a free one.", valueName: "address"))
    var ip: String?

    @Option(help: ArgumentHelp("Its MAC address; by default one that goes with its address.", valueName: "address"))
    var macAddress: String?

    /// What the options say.
    ///
    /// - Parameter exposed: the ports that the image exposes.
    /// - Throws: ``NetworkError``.
    func configuration(exposed: some Collection<String>) throws -> NetworkConfiguration {
        var configuration = NetworkConfiguration()
        configuration.mode = try NetworkMode(network)
        configuration.ports = try publish.flatMap { try PortMapping.parse($0) }
        // What the image says is not the user's doing: where it can't be read it is passed over.
        let ofImage = exposed.flatMap { (try? ContainerPort.parse($0)) ?? [] }
        configuration.exposedPorts = Set(try ofImage + expose.flatMap { try ContainerPort.parse($0) }).sorted()
        configuration.publishesExposedPorts = publishAll
        configuration.resolver = try ResolverConfiguration(servers: dns, search: dnsSearch, options: dnsOption)
        configuration.hosts = try addHost.map { try HostEntry($0) }
        configuration.links = try link.map { try NetworkLink($0) }
        configuration.aliases = networkAlias
        configuration.address = try ip.map { try NetworkConfiguration.address($0) }
        configuration.macAddress = try macAddress.map { try MACAddress($0) }
        try configuration.validate()
        if let warning = configuration.warning { Terminal.report("WARNING: \(warning)") }
        return configuration
    }
}
