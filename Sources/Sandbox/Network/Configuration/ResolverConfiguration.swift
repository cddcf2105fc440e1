/// Whom a container asks for names: what `--dns` and its like say; what is empty is the host's.
package struct ResolverConfiguration: Sendable, Hashable, Codable {
    package var servers: [IPAddress] = []
    /// The domains that short names are looked for in; a single `.` for none.
    package var search: [String] = []
    package var options: [String] = []

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        servers = try values.decode(.servers, default: servers)
        search = try values.decode(.search, default: search)
        options = try values.decode(.options, default: options)
    }

    /// Parses what `--dns`, `--dns-search` and `--dns-option` say.
    ///
    /// - Throws: ``NetworkError/invalidServer(_:)``, ``NetworkError/invalidSearchDomain(_:)``,
    ///   ``NetworkError/invalidResolverOption(_:)``.
    package init(servers: [String], search: [String], options: [String]) throws(NetworkError) {
        for text in servers {
            guard let address = IPAddress(text) else { throw .invalidServer(text) }
            self.servers.append(address)
        }
        for domain in search {
            guard domain == "." || DomainName.isValid(domain) else { throw .invalidSearchDomain(domain) }
        }
        for option in options {
            let isPlain = option.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2d || $0 == 0x3a }
            guard !option.isEmpty, isPlain else { throw .invalidResolverOption(option) }
        }
        self.search = search
        self.options = options
    }
}
