import Access
import Tokens
import Yams

/// Reads the identity providers out of the configuration file.
struct IdentityProviderReading {
    private(set) var providers: [IdentityProvider.Configuration] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String) {
        guard let items = node.sequence else {
            messages = ["\(file):\(node.mark?.line ?? 0): 'oidc' should be a list"]
            return
        }
        for (index, item) in items.enumerated() { read(item, "oidc[\(index)]", file) }
    }

    private mutating func read(_ node: Node, _ name: String, _ file: String) {
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages += section.finished() }
        let issuer = section.text("issuer") ?? ""
        let audiences = section.texts("audiences") ?? []
        if issuer.isEmpty || audiences.isEmpty {
            section.fail(node, "'\(name)' should have an 'issuer' and 'audiences'")
        }
        var keys = KeyLocation.discovery
        section.take("keys", .keyLocation(allowsDiscovery: true), into: &keys)
        if keys == .discovery, !KeyLocation.isTrustworthy(issuer) {
            section.fail(node, "'\(name).issuer' should begin with https://, or 'keys' should say where its keys are")
        }
        let items = section.items("rules")
        if items.isEmpty { section.fail(node, "'\(name)' should have 'rules': without one it lets nobody do anything") }
        let rules = items.enumerated().compactMap { index, item in
            let reading = IdentityRuleReading(item, in: file, name: "\(name).rules[\(index)]")
            messages += reading.messages
            return reading.rule
        }
        var provider = IdentityProvider.Configuration(issuer: issuer, audiences: audiences, keys: keys, rules: rules)
        provider.authorities = section.texts("certificate_authorities") ?? []
        providers.append(provider)
    }
}
