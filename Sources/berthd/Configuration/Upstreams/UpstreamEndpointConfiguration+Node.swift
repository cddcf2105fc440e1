import ConfigurationText
import Registry
import Yams

extension UpstreamEndpointConfiguration {
    /// All that holds for the endpoint, as the configuration file has it. There are no secrets in it: those are in
    /// files.
    var node: Node {
        var pairs: [(Node, Node)] = [("url", Node(address)), ("trusted", Node("\(isTrusted)"))]
        pairs += credentials.pairs
        if !security.authorities.isEmpty {
            pairs.append(("certificate_authorities", Node(security.authorities.map { Node($0.string) })))
        }
        if let client = security.clientCertificate {
            pairs += [("client_certificate", Node(client.certificate.string)), ("client_key", Node(client.key.string))]
        }
        pairs += [
            ("skip_verify", Node("\(security.skipsVerification)")),
            ("requests_per_second", Node(requestRate.map { "\($0)" } ?? "off")),
            ("bytes_per_second", Node(byteRate.map { ByteSize.text(of: $0) } ?? "off")),
            ("connections", Node("\(connections)")),
            ("proxy", Node(proxy ?? "off")),
        ]
        return Node(pairs)
    }
}

extension UpstreamCredentials {
    fileprivate var pairs: [(Node, Node)] {
        switch self {
        case .none: []
        case .password(let user, let file): [("username", Node(user)), ("password_file", Node(file))]
        case .file(let file): [("credentials_file", Node(file))]
        case .helper(let name): [("credential_helper", Node(name))]
        case .command(let words): [("credential_command", Node(words.map { Node($0) }))]
        }
    }
}
