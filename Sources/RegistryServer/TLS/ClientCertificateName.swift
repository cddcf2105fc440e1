/// Which part of a client's certificate is the account's name.
package enum ClientCertificateName: String, Sendable, CaseIterable {
    /// The subject's common name.
    case commonName = "common-name"
    /// The one alternative name that is a host's.
    case dnsName = "dns-name"
    /// The one alternative name that is an address of mail.
    case email
    /// The one alternative name that is a URI, such as a SPIFFE ID.
    case uri
}
