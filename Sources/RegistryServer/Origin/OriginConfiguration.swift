/// What the server knows beforehand of how its clients come to it.
package struct OriginConfiguration: Sendable {
    package var proxies = ProxyTrust()
    /// Scheme, host and port by which clients reach us; nil for those that each request names.
    package var publicURL: String?
    /// How long clients that came by TLS are to come by nothing else; nil where they aren't told.
    package var strictTransportTime: Duration? = .seconds(365 * 86_400)
    /// Which part of a client's certificate is the account's name.
    package var clientCertificateName = ClientCertificateName.commonName

    package init() {}

    /// - SeeAlso: RFC 6797, section 6.1.
    var strictTransportSecurity: String? {
        strictTransportTime.map { "max-age=\($0.components.seconds)" }
    }
}
