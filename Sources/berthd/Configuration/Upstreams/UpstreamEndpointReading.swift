import ImageSpec
import Registry
import RegistryClient
import SystemPackage
import Yams

/// Reads one of an upstream's endpoints out of the configuration file: an address alone, or a mapping.
struct UpstreamEndpointReading {
    private(set) var endpoint: UpstreamEndpointConfiguration?
    private(set) var messages: [String] = []

    /// - Parameter host: the upstream's own, whose endpoint is trusted unless it is said not to be.
    init(_ node: Node, at index: Int, of host: RegistryHost, in file: String) {
        if let address = node.scalar?.string {
            guard let known = try? RegistryAddress(address) else {
                messages = ["\(file):\(node.mark?.line ?? 0): '\(address)' should be an endpoint's address"]
                return
            }
            endpoint = UpstreamEndpointConfiguration(
                address: address,
                isTrusted: Self.isTrusted(known, at: index, of: host)
            )
            return
        }
        var section = ConfigurationSection(node, in: file, name: "upstreams.\(host).endpoints[\(index)]")
        defer { messages = section.finished() }
        guard let address = section.text("url") else {
            section.fail(node, "an endpoint should have an 'url', as https://registry-1.docker.io")
            return
        }
        guard let known = try? RegistryAddress(address) else {
            section.fail(node, "'url' should be an endpoint's address, not '\(address)'")
            return
        }
        var endpoint = UpstreamEndpointConfiguration(
            address: address,
            isTrusted: Self.isTrusted(known, at: index, of: host)
        )
        section.take("trusted", .flag, into: &endpoint.isTrusted)
        section.take("connections", .count(1...256), into: &endpoint.connections)
        section.take("bytes_per_second", .optional(.bytes(1...(1 << 40))), into: &endpoint.byteRate)
        section.take("requests_per_second", .optional(.rate), into: &endpoint.requestRate)
        section.take("proxy", .optional(.proxy), into: &endpoint.proxy)
        section.take("skip_verify", .flag, into: &endpoint.security.skipsVerification)
        endpoint.security.authorities = (section.texts("certificate_authorities") ?? []).map { FilePath($0) }
        switch (section.text("client_certificate"), section.text("client_key")) {
        case (let certificate?, let key):
            endpoint.security.clientCertificate = .init(
                certificate: FilePath(certificate),
                key: FilePath(key ?? certificate)
            )
        case (nil, _?): section.fail(node, "'client_key' needs a 'client_certificate'")
        case (nil, nil): break
        }
        Self.readCredentials(&section, node, into: &endpoint)
        self.endpoint = endpoint
    }

    /// Whether an endpoint is trusted of which it isn't said: the first one, and the upstream itself.
    private static func isTrusted(_ address: RegistryAddress, at index: Int, of host: RegistryHost) -> Bool {
        // The hub's API has another name than the hub.
        let itself = [address.host, (try? RegistryEndpoint(address.host))?.host]
        return index == 0 || itself.contains(host)
    }

    private static func readCredentials(
        _ section: inout ConfigurationSection,
        _ node: Node,
        into endpoint: inout UpstreamEndpointConfiguration
    ) {
        let user = section.text("username")
        let passwordFile = section.text("password_file")
        var ways: [UpstreamCredentials] = []
        switch (user, passwordFile) {
        case (let user?, let file?): ways.append(.password(user: user, file: file))
        case (nil, nil): break
        default: section.fail(node, "'username' and 'password_file' should stand together")
        }
        if let file = section.text("credentials_file") { ways.append(.file(file)) }
        if let name = section.text("credential_helper") { ways.append(.helper(name)) }
        if let words = section.texts("credential_command") { ways.append(.command(words)) }
        if ways.count > 1 {
            section.fail(
                node,
                "an endpoint should have one of 'password_file', 'credentials_file', 'credential_helper' and "
                    + "'credential_command'"
            )
        }
        endpoint.credentials = ways.first ?? .none
    }
}

extension ConfigurationFormat<String> {
    /// An HTTP proxy's address.
    static var proxy: Self {
        ConfigurationFormat(
            allowed: "a proxy's address without a user, as http://proxy.example.com:3128",
            parse: { HTTPProxy($0) == nil ? nil : $0 },
            text: { $0 }
        )
    }
}

extension ConfigurationFormat<Double> {
    /// How many a second.
    static var rate: Self {
        ConfigurationFormat(
            allowed: "a number a second, as 10 or 0.5",
            parse: { text in Double(text).flatMap { $0 > 0 && $0 <= 1e6 ? $0 : nil } },
            text: { String($0) }
        )
    }
}
