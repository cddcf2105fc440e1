import Foundation
import NIOHTTP2
import NIOSSL

extension CertificateFiles {
    /// ECDHE with an authenticated cipher, for those who don't have TLS 1.3 yet.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    /// Reads the files, and proves that they fit together.
    ///
    /// - Throws: ``CertificateError``.
    package func check() throws {
        _ = try load()
    }

    /// What connections are served with from now on.
    func load() throws -> LoadedCertificates {
        let chain = try Self.certificates(in: certificate)
        let privateKey = try Self.privateKey(in: key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = Self.ciphers
        configuration.applicationProtocols = NIOHTTP2SupportedALPNProtocols
        // How long a client that is being left may take to say goodbye too.
        configuration.shutdownTimeout = .seconds(1)
        if let clientAuthorities {
            configuration.trustRoots = .certificates(try Self.certificates(in: clientAuthorities))
            configuration.sendCANameList = true
            configuration.certificateVerification =
                clientCertificates == .required ? .noHostnameVerification : .optionalVerification
        }
        do {
            return LoadedCertificates(
                context: try NIOSSLContext(configuration: configuration),
                expiry: Date(timeIntervalSince1970: TimeInterval(chain[0].notValidAfter))
            )
        } catch {
            throw CertificateError.mismatch(certificate: certificate, key: key, reason: "\(error)")
        }
    }

    private static func certificates(in file: String) throws -> [NIOSSLCertificate] {
        let bytes = try contents(of: file, "the certificates")
        let certificates = (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []
        guard !certificates.isEmpty else { throw CertificateError.empty(file: file) }
        return certificates
    }

    private static func privateKey(in file: String) throws -> NIOSSLPrivateKey {
        let bytes = try contents(of: file, "the private key")
        do {
            // Without it BoringSSL would ask for a passphrase on the terminal.
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem) { $0([UInt8]()) }
        } catch {
            throw CertificateError.notAKey(file: file)
        }
    }

    /// 1 MiB at most: the files of all the world's authorities are smaller.
    private static func contents(of file: String, _ what: String) throws -> [UInt8] {
        guard let stream = fopen(file, "re") else {
            throw CertificateError.unreadable(file: file, what: what, reason: String(cString: strerror(errno)))
        }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, stream)
        guard ferror(stream) == 0 else {
            throw CertificateError.unreadable(file: file, what: what, reason: String(cString: strerror(errno)))
        }
        return Array(bytes[..<count])
    }
}
