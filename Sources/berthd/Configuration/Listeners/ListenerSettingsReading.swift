import RegistryServer
import Yams

/// Reads the further listeners out of the configuration file.
struct ListenerSettingsReading {
    private(set) var listeners: [ListenerSettings] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String) {
        guard let nodes = node.sequence else {
            messages = ["\(file):\(node.mark?.line ?? 0): 'listeners' should be a list, each with an 'address'"]
            return
        }
        for (index, node) in nodes.enumerated() { read(node, "listeners[\(index)]", file) }
    }

    private mutating func read(_ node: Node, _ name: String, _ file: String) {
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages += section.finished() }
        let tls = section.node("tls")
        var address: ListenAddress?
        section.take("address", .optional(.address), into: &address)
        guard let address else {
            return section.fail(node, "'\(name)' should have an 'address', HOST:PORT")
        }
        var listener = ListenerSettings(address: address)
        if let tls { readSecurity(tls, "\(name).tls", file, into: &listener) }
        listeners.append(listener)
    }

    /// `self-signed`, or a mapping that names the files.
    private mutating func readSecurity(
        _ node: Node,
        _ name: String,
        _ file: String,
        into listener: inout ListenerSettings
    ) {
        if node.scalar?.string == CertificateSource.selfSigned.rawValue {
            listener.source = .selfSigned
            return
        }
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages += section.finished() }
        let certificate = section.text("certificate")
        let key = section.text("key")
        listener.clientAuthorities = section.text("client_authorities")
        section.take("client_certificates", .choice, into: &listener.clientCertificates)
        section.take("source", .choice, into: &listener.source)
        switch (listener.source, certificate, key) {
        case (.files, let certificate?, let key?):
            listener.files = CertificateFiles(certificate: certificate, key: key)
        case (.selfSigned, nil, nil):
            break
        case (.files, _, _):
            section.fail(node, "'\(name)' should have a 'certificate' and its 'key', or be self-signed")
        case (.selfSigned, _, _):
            section.fail(node, "'\(name)' has a certificate, so it can't be self-signed")
        }
    }
}
