import ImageSpec

/// What `login` and `logout` are given: a registry's host, or an address that begins with it.
enum LoginTarget {
    /// - Throws: ``ImageSpecError/invalidReference(_:reason:)``.
    static func host(_ text: String) throws -> RegistryHost {
        var rest = text[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            break
        }
        let host = rest.prefix { $0 != "/" }
        return host == "index.docker.io" || host == "registry-1.docker.io" ? .dockerHub : try RegistryHost(host)
    }
}
