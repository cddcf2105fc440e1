/// What a container has in /etc of its network: hosts, hostname and resolv.conf.
struct NetworkFiles {
    let hostname: String
    let hosts: String
    let resolver: String
    /// Whom its name server asks.
    var servers: [IPAddress] = []

    init(hostname: String, hosts: String, resolver: String) {
        self.hostname = hostname
        self.hosts = hosts
        self.resolver = resolver
    }

    /// Each with its name.
    var all: [(name: String, content: String)] {
        [("hostname", hostname), ("hosts", hosts), ("resolv.conf", resolver)]
    }

    /// Of one that is connected as `state` says.
    init(_ name: Hostname, _ configuration: NetworkConfiguration, _ state: NetworkState?) {
        guard let state, let address = state.address else {
            self.init(alone: name, configuration)
            return
        }
        self.init(
            onBridge: name,
            configuration,
            addresses: [address] + [state.address6].compactMap { $0 },
            gateways: [state.gateway, state.gateway6].compactMap { $0 }
        )
    }

    /// Of one that reaches nobody.
    init(alone name: Hostname, _ configuration: NetworkConfiguration) {
        var resolver = ResolverFile(configuration.resolver, host: HostResolver())
        // The host's loopback is not the container's.
        if configuration.resolver.servers.isEmpty { resolver.servers.removeAll(where: \.isLoopback) }
        self.init(
            hostname: "\(name)\n",
            // As docker, where there is no network at all.
            hosts: HostsFile(hostname: name, entries: configuration.hosts, namesItself: configuration.mode != .none)
                .content,
            resolver: resolver.content
        )
    }

    /// Of one that has the host's network: the host's own, and what was asked for besides.
    init(likeTheHost name: Hostname, _ configuration: NetworkConfiguration) {
        let host = HostResolver()
        let loopback = IPAddress.v4(IPv4Address(number: 127 << 24 | 1))
        let additions = HostsFile(hostname: name, entries: configuration.hosts, gateways: [loopback]).additions
        let text = KernelFile("/etc/hosts").text ?? HostsFile(hostname: name).content
        self.init(
            hostname: "\(name)\n",
            hosts: (text.isEmpty || text.hasSuffix("\n") ? text : text + "\n") + additions,
            resolver: configuration.resolver == ResolverConfiguration()
                ? host.text : ResolverFile(configuration.resolver, host: host).content
        )
    }

    /// Of one on the bridge. It asks its own name server, which asks whom the user or the host names.
    private init(
        onBridge name: Hostname,
        _ configuration: NetworkConfiguration,
        addresses: [IPAddress],
        gateways: [IPAddress]
    ) {
        var resolver = ResolverFile(configuration.resolver, host: HostResolver())
        let servers = resolver.servers
        resolver.servers = [.v4(NameServer.address)]
        // A container's name has no dot, and is to be asked for as it is first.
        if !resolver.options.contains(where: { $0.hasPrefix("ndots:") }) { resolver.options.append("ndots:0") }
        self.init(
            hostname: "\(name)\n",
            hosts: HostsFile(
                hostname: name,
                addresses: addresses,
                entries: configuration.hosts,
                gateways: gateways
            ).content,
            resolver: resolver.content
        )
        self.servers = servers
    }

    /// Of an ordinary user's. Where the host's servers are at its loopback, the helper stands for them.
    init(behindHelper name: Hostname, _ configuration: NetworkConfiguration, _ helper: any NetworkHelper) {
        var resolver = ResolverFile(configuration.resolver, host: HostResolver())
        if configuration.resolver.servers.isEmpty {
            resolver.servers.removeAll(where: \.isLoopback)
            if let server = helper.nameServer, resolver.servers.isEmpty { resolver.servers = [server] }
        }
        self.init(
            hostname: "\(name)\n",
            hosts: HostsFile(hostname: name, entries: configuration.hosts, gateways: []).content,
            resolver: resolver.content
        )
    }
}
