import Tokens
import Yams

extension IdentityProvider.Configuration {
    /// All that holds for the provider, as the configuration file has it.
    var node: Node {
        let location = ConfigurationFormat<KeyLocation>.keyLocation(allowsDiscovery: true)
        var pairs: [(Node, Node)] = [
            ("issuer", Node(issuer)), ("audiences", Node(audiences.map { Node($0) })),
            ("keys", Node(location.text(keys))),
        ]
        if !authorities.isEmpty { pairs.append(("certificate_authorities", Node(authorities.map { Node($0) }))) }
        pairs.append(("rules", Node(rules.map(\.node))))
        return Node(pairs)
    }
}

extension IdentityRule {
    fileprivate var node: Node {
        var pairs: [(Node, Node)] = [
            ("when", Node(condition.text)), ("grant", Node(grants.map { Node($0.text) })),
        ]
        if let name { pairs.append(("name", Node(name.text))) }
        if let account { pairs.append(("account", Node(account.text))) }
        if !groups.isEmpty { pairs.append(("groups", Node(groups.map { Node($0.rawValue) }))) }
        return Node(pairs)
    }
}
