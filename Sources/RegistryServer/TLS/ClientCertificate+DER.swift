import NIOSSL
import X509

extension ClientCertificate {
    /// Reads what TLS has verified.
    ///
    /// - Throws: when it isn't a certificate as RFC 5280 has it.
    init(_ certificate: NIOSSLCertificate) throws {
        let known = try Certificate(derEncoded: certificate.toDERBytes())
        // The last is the most specific.
        let names = known.subject.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }
        commonName = names.last.map { "\($0.value)" }
        for name in try known.extensions.subjectAlternativeNames ?? SubjectAlternativeNames() {
            switch name {
            case .dnsName(let name): dnsNames.append(name)
            case .rfc822Name(let address): emailAddresses.append(address)
            case .uniformResourceIdentifier(let uri): uris.append(uri)
            default: break
            }
        }
    }
}
