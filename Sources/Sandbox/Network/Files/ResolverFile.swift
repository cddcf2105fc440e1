/// A container's /etc/resolv.conf.
struct ResolverFile {
    var servers: [IPAddress]
    var search: [String] = []
    var options: [String] = []

    /// What the user wants, and the host's where that says nothing.
    init(_ wanted: ResolverConfiguration, host: HostResolver) {
        servers = wanted.servers.isEmpty ? host.servers : wanted.servers
        search = wanted.search.isEmpty ? host.search : wanted.search.filter { $0 != "." }
        options = wanted.options.isEmpty ? host.options : wanted.options
    }

    /// In the order that docker writes.
    var content: String {
        (search.isEmpty ? "" : "search \(search.joined(separator: " "))\n")
            + servers.map { "nameserver \($0)\n" }.joined()
            + (options.isEmpty ? "" : "options \(options.joined(separator: " "))\n")
    }
}
