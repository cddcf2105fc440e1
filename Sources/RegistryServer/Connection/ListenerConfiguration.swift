/// One address that the server listens at.
package struct ListenerConfiguration: Sendable, Equatable {
    /// A host name or IP address.
    package var host: String
    /// 0 for any free port.
    package var port: Int
    /// nil for plain HTTP.
    package var certificates: CertificateFiles?

    package init(host: String, port: Int, certificates: CertificateFiles? = nil) {
        self.host = host
        self.port = port
        self.certificates = certificates
    }
}
