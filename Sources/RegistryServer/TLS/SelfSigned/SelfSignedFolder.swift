import Crypto
import Foundation
import SwiftASN1
import X509

/// A folder that holds an authority of our own and the certificate that it gave us, made when they are missing.
///
/// The authority stays as long as it is valid, for every client was told to trust it; the certificate is made anew before
/// it expires, and when the names change by which clients reach us.
package struct SelfSignedFolder: Sendable {
    private static let authorityLife: TimeInterval = 3650 * 86_400
    /// Clients of Apple's take no certificate that is valid for longer than 398 days.
    private static let certificateLife: TimeInterval = 397 * 86_400
    private static let renewalTime: TimeInterval = 30 * 86_400

    private let path: String

    /// - Parameter path: made, for its owner alone, when it isn't there.
    package init(_ path: String) {
        self.path = path
    }

    /// What clients are to trust.
    package var authority: String { file("ca.crt") }

    package var certificates: CertificateFiles {
        CertificateFiles(certificate: file("server.crt"), key: file("server.key"))
    }

    /// Makes what is missing, has expired or will soon, or isn't for `names`.
    ///
    /// - Returns: whether the authority is new.
    /// - Throws: ``SelfSignedError``.
    @discardableResult
    package func prepare(for names: ServerNames, at now: Date = Date()) throws -> Bool {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let known = storedAuthority(at: now)
            let authority = try known ?? makeAuthority(at: now)
            if known == nil || !hasCertificate(of: authority, for: names, at: now) {
                try issueCertificate(by: authority, for: names, at: now)
            }
            return known == nil
        } catch {
            throw SelfSignedError(folder: path, reason: "\(error)")
        }
    }

    private func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension SelfSignedFolder {
    private struct Authority {
        let certificate: Certificate
        let key: P256.Signing.PrivateKey
    }

    /// nil when there is none that can still be used.
    private func storedAuthority(at now: Date) -> Authority? {
        guard
            let certificate = try? Certificate(pemEncoded: String(contentsOfFile: authority, encoding: .utf8)),
            let text = try? String(contentsOfFile: file("ca.key"), encoding: .utf8),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: text),
            certificate.publicKey == Certificate.PrivateKey(key).publicKey,
            certificate.notValidAfter > now + Self.certificateLife
        else { return nil }
        return Authority(certificate: certificate, key: key)
    }

    private func makeAuthority(at now: Date) throws -> Authority {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("Berth \(Self.identifier())") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PrivateKey(key).publicKey,
            notValidBefore: now - 3600,
            notValidAfter: now + Self.authorityLife,
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: Certificate.PrivateKey(key).publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        try write(key.pemRepresentation, to: file("ca.key"))
        try write(certificate.serializeAsPEM().pemString, to: authority)
        return Authority(certificate: certificate, key: key)
    }

    /// Authorities of two servers, and two of one server, need names that differ: clients look them up by these.
    private static func identifier() -> String {
        String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
    }

    private func hasCertificate(of authority: Authority, for names: ServerNames, at now: Date) -> Bool {
        guard
            let text = try? String(contentsOfFile: certificates.certificate, encoding: .utf8),
            let certificate = try? Certificate(pemEncoded: text),
            let key = try? String(contentsOfFile: certificates.key, encoding: .utf8),
            let known = try? P256.Signing.PrivateKey(pemRepresentation: key)
        else { return false }
        return certificate.publicKey == Certificate.PrivateKey(known).publicKey
            && authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
            && certificate.notValidAfter > now + Self.renewalTime
            && (try? certificate.extensions.subjectAlternativeNames) == names.alternativeNames
    }

    private func issueCertificate(by authority: Authority, for names: ServerNames, at now: Date) throws {
        let key = P256.Signing.PrivateKey()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PrivateKey(key).publicKey,
            notValidBefore: now - 3600,
            notValidAfter: now + Self.certificateLife,
            issuer: authority.certificate.subject,
            subject: try DistinguishedName {
                CommonName(names.dnsNames.first.map { String($0.prefix(64)) } ?? names.addresses.first ?? "berthd")
            },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectKeyIdentifier(hash: Certificate.PrivateKey(key).publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: try authority.certificate.extensions.subjectKeyIdentifier?.keyIdentifier
                )
                names.alternativeNames
            },
            issuerPrivateKey: Certificate.PrivateKey(authority.key)
        )
        // Should it end between the two, they don't fit together, and are made again.
        try write(key.pemRepresentation, to: certificates.key)
        try write(certificate.serializeAsPEM().pemString, to: certificates.certificate)
    }

    /// Puts a file in place as a whole; only its owner ever reads it.
    private func write(_ text: String, to target: String) throws {
        let partial = "\(target).new"
        unlink(partial)
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SelfSignedError(writing: partial) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        guard rename(partial, target) == 0 else { throw SelfSignedError(writing: target) }
    }
}
