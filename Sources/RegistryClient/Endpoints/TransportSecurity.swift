import NIOSSL
import SystemPackage

/// The TLS settings of one client's connections; nil where the usual ones do.
struct TransportSecurity: Sendable {
    /// For the registry itself.
    let ofRegistry: TLSConfiguration?
    /// For whom it sends us to: its token service, its storage. They may be certified as it is, but learn nothing of
    /// our certificate, and must prove who they are.
    let ofOthers: TLSConfiguration?

    /// Reads the files that `security` names.
    ///
    /// - Throws: ``RegistryClientError/unusableCertificate(file:reason:)``.
    init(_ security: EndpointSecurity) throws {
        let authorities = try Self.authorities(security.authorities)
        var others: TLSConfiguration?
        if !authorities.isEmpty {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.additionalTrustRoots = [.certificates(authorities)]
            others = configuration
        }
        ofOthers = others
        guard security.clientCertificate != nil || security.skipsVerification else {
            ofRegistry = others
            return
        }
        var configuration = others ?? .makeClientConfiguration()
        if security.skipsVerification { configuration.certificateVerification = .none }
        if let certificate = security.clientCertificate { try Self.add(certificate, to: &configuration) }
        ofRegistry = configuration
    }

    private static func authorities(_ files: [FilePath]) throws -> [NIOSSLCertificate] {
        try files.flatMap { file in
            try naming(file) { try NIOSSLCertificate.fromPEMFile(file.string) }
        }
    }

    private static func add(
        _ certificate: EndpointSecurity.ClientCertificate,
        to configuration: inout TLSConfiguration
    ) throws {
        configuration.certificateChain = try naming(certificate.certificate) {
            try NIOSSLCertificate.fromPEMFile(certificate.certificate.string).map { .certificate($0) }
        }
        configuration.privateKey = try naming(certificate.key) {
            .privateKey(try NIOSSLPrivateKey(file: certificate.key.string, format: .pem))
        }
    }

    private static func naming<Value>(_ file: FilePath, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw RegistryClientError.unusableCertificate(file: file.string, reason: "\(error)")
        }
    }
}
