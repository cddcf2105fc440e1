/// What a client proved to be by its certificate, which one of our listener's authorities vouches for.
package struct ClientCertificate: Sendable, Hashable {
    /// The subject's.
    package var commonName: String?
    package var dnsNames: [String] = []
    package var emailAddresses: [String] = []
    package var uris: [String] = []

    /// The account's name that it stands for; nil when it doesn't have exactly what `source` asks for.
    package func name(by source: ClientCertificateName) -> String? {
        switch source {
        case .commonName: commonName
        case .dnsName: dnsNames.count == 1 ? dnsNames[0] : nil
        case .email: emailAddresses.count == 1 ? emailAddresses[0] : nil
        case .uri: uris.count == 1 ? uris[0] : nil
        }
    }
}
