/// A container's /etc/hosts.
struct HostsFile {
    let hostname: Hostname
    /// The container's own, where others know it by one.
    var addresses: [IPAddress] = []
    var entries: [HostEntry] = []
    /// What `host-gateway` stands for.
    var gateways: [IPAddress] = []

    /// As docker's. Where the container has no address for others, its name is at one of its own loopback.
    var content: String {
        let own = addresses.isEmpty ? ["127.0.1.1"] : addresses.map(\.description)
        return Self.loopback + additions + own.map { "\($0)\t\(hostname)\n" }.joined()
    }

    /// What `--add-host` adds, to this or to the host's own file.
    var additions: String {
        entries.flatMap { entry in
            (entry.address.map { [$0] } ?? gateways).map { "\($0)\t\(entry.name)\n" }
        }
        .joined()
    }

    private static let loopback = """
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::\tip6-localnet
        ff00::\tip6-mcastprefix
        ff02::1\tip6-allnodes
        ff02::2\tip6-allrouters

        """
}
