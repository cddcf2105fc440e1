/// The files by which a listener proves who it is, and knows its clients' certificates.
package struct CertificateFiles: Sendable, Equatable {
    /// Whether a client needs a certificate.
    package enum ClientCertificates: String, Sendable, CaseIterable {
        case optional
        case required
    }

    /// Our certificate and those between it and its authority, in PEM.
    package var certificate: String
    /// The certificate's private key, in PEM.
    package var key: String
    /// The authorities that vouch for clients, in PEM; nil where none are asked for a certificate.
    package var clientAuthorities: String?
    package var clientCertificates = ClientCertificates.optional

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    var all: [String] { [certificate, key] + (clientAuthorities.map { [$0] } ?? []) }
}
