import ImageSpec

/// One host of a hosts file.
struct HostEntry: Sendable, Equatable {
    /// With or without a scheme; with a path perhaps.
    var address: String
    var capabilities = RegistryEndpoint.Capabilities.all
    var security = EndpointSecurity()
    /// Whether the address is that of the API itself, without `/v2` behind it.
    var overridesPath = false
    var headers: [RegistryEndpoint.HeaderField] = []

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    func endpoint() throws -> RegistryEndpoint {
        let address = try RegistryAddress(address)
        let path = address.path.isEmpty ? "" : "\(address.path)/"
        let root = "\(address.scheme?.rawValue ?? "https")://\(address.host)/\(path)" + (overridesPath ? "" : "v2/")
        var endpoint = try RegistryEndpoint(host: address.host, root: root)
        endpoint.capabilities = capabilities
        endpoint.security = security
        endpoint.headers = headers
        return endpoint
    }
}
