import Yams

extension ListenerSettings {
    /// As it may be written in the configuration.
    var node: Node {
        var values: [(Node, Node)] = [("address", Node(address.description))]
        if !isPlain {
            var security: [(Node, Node)] = []
            if let files { security += [("certificate", Node(files.certificate)), ("key", Node(files.key))] }
            if source == .selfSigned { security.append(("source", Node(source.rawValue))) }
            if let clientAuthorities {
                security.append(("client_authorities", Node(clientAuthorities)))
                security.append(("client_certificates", Node(clientCertificates.rawValue)))
            }
            values.append(("tls", Node(security)))
        }
        return Node(values)
    }
}
