import RegistryServer

/// A listener beside the one of the key `listen`.
struct ListenerSettings: Sendable, Equatable {
    var address: ListenAddress
    var source = CertificateSource.files
    /// nil for plain HTTP, and where the source needs none.
    var files: CertificateFiles?
    /// The authorities that vouch for clients where the certificate is berthd's own.
    var clientAuthorities: String?
    var clientCertificates = CertificateFiles.ClientCertificates.optional

    /// - Parameter selfSigned: what berthd's own certificate is in; nil where none is used.
    func configuration(selfSigned: CertificateFiles?) -> ListenerConfiguration {
        var certificates = source == .selfSigned ? selfSigned : files
        certificates?.clientAuthorities = clientAuthorities
        certificates?.clientCertificates = clientCertificates
        return ListenerConfiguration(host: address.host, port: address.port, certificates: certificates)
    }

    var isPlain: Bool { source == .files && files == nil }
}
