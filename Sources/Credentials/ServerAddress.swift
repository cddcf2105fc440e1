import ImageSpec

/// How docker and its helpers name a registry when they keep its credential.
struct ServerAddress: Sendable, Hashable {
    /// From the days of the first registry protocol; docker has kept it.
    private static let dockerHub = "https://index.docker.io/v1/"
    /// All mean the hub.
    private static let dockerHubHosts: Set<Substring> = ["docker.io", "index.docker.io", "registry-1.docker.io"]

    let rawValue: String
    private let host: RegistryHost

    init(_ host: RegistryHost) {
        self.host = host
        rawValue = host == .dockerHub ? Self.dockerHub : host.rawValue
    }

    /// Whether an entry that some tool wrote under `key` is this registry's: docker once wrote addresses with a scheme
    /// and a path, podman writes the host alone.
    func matches(_ key: String) -> Bool {
        guard let host = Self.host(in: key) else { return false }
        if self.host == .dockerHub { return Self.dockerHubHosts.contains(host) }
        return host == self.host.rawValue
    }

    /// Under what podman keeps a credential for one repository or for a part of a registry, the longest first.
    ///
    /// - SeeAlso: containers-auth.json(5), "Format".
    func keys(for repository: RepositoryName) -> [String] {
        let components = repository.rawValue.split(separator: "/")
        return (1...components.count).reversed().map { "\(host)/\(components.prefix($0).joined(separator: "/"))" }
    }

    /// The host in a key; nil for a key that names a part of a registry.
    private static func host(in key: String) -> Substring? {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            break
        }
        let host = rest.prefix { $0 != "/" }
        let path = rest[host.endIndex...]
        return ["", "/", "/v1", "/v1/", "/v2", "/v2/"].contains(path) ? host : nil
    }
}
