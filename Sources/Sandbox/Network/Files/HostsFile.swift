/// A container's /etc/hosts.
struct HostsFile {
    let hostname: Hostname
    /// The container's own, where others know it by one.
    var addresses: [IPAddress] = []
    var entries: [HostEntry] = []
    /// Whether a name without an address is put at one of the container's own loopback.
    var namesItself = true
    /// What `host-gateway` stands for.
    var gateways: [IPAddress] = []

    /// As docker's.
    var content: String {
        let own = addresses.isEmpty && namesItself ? ["127.0.1.1"] : addresses.map(\.description)
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
        fe00::0\tip6-localnet
        ff00::0\tip6-mcastprefix
        ff02::1\tip6-allnodes
        ff02::2\tip6-allrouters

        """
}
