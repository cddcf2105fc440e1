import Tokens
import Yams

/// Reads the token services of others out of the configuration file.
struct ExternalTokenReading {
    private(set) var services: [ExternalTokenService.Configuration] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String) {
        guard let items = node.sequence else {
            messages = ["\(file):\(node.mark?.line ?? 0): 'external_tokens' should be a list"]
            return
        }
        for (index, item) in items.enumerated() { read(item, "external_tokens[\(index)]", file) }
    }

    private mutating func read(_ node: Node, _ name: String, _ file: String) {
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages += section.finished() }
        let issuer = section.text("issuer") ?? ""
        let service = section.text("service") ?? ""
        var keys: KeyLocation?
        section.take("keys", .optional(.keyLocation(allowsDiscovery: false)), into: &keys)
        var realm: String?
        section.take("realm", .optional(.realm), into: &realm)
        guard !issuer.isEmpty, !service.isEmpty, let keys else {
            return section.fail(node, "'\(name)' should have an 'issuer', a 'service' and 'keys'")
        }
        var configuration = ExternalTokenService.Configuration(
            issuer: issuer,
            service: service,
            realm: realm,
            keys: keys
        )
        configuration.authorities = section.texts("certificate_authorities") ?? []
        services.append(configuration)
    }
}
