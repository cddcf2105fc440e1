import SystemPackage

/// How an endpoint proves who it is, and how we prove to it who we are.
package struct EndpointSecurity: Sendable, Hashable {
    /// A certificate of ours and its key, in PEM; one file may hold both.
    package struct ClientCertificate: Sendable, Hashable {
        package let certificate: FilePath
        package let key: FilePath

        package init(certificate: FilePath, key: FilePath) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Files in PEM: whom to trust beside those that this system trusts.
    package var authorities: [FilePath] = []
    package var clientCertificate: ClientCertificate?
    /// Whether the endpoint need not prove anything.
    package var skipsVerification = false

    package init() {}
}
