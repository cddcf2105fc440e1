import Tokens
import Yams

extension ExternalTokenService.Configuration {
    /// All that holds for the service, as the configuration file has it.
    var node: Node {
        let location = ConfigurationFormat<KeyLocation>.keyLocation(allowsDiscovery: false)
        var pairs: [(Node, Node)] = [
            ("issuer", Node(issuer)), ("service", Node(service)), ("realm", Node(realm ?? "off")),
            ("keys", Node(location.text(keys))),
        ]
        if !authorities.isEmpty { pairs.append(("certificate_authorities", Node(authorities.map { Node($0) }))) }
        return Node(pairs)
    }
}
