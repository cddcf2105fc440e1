import Crypto
import Foundation
import JWTKit

extension KeySet {
    /// Reads certificates and public keys in PEM. They have no names: each is tried for any token. RSA keys sign by
    /// RS256, as docker's token services do. That a certificate has expired doesn't matter: it was trusted by hand.
    ///
    /// - Returns: nil when none of them can be used.
    init?(pem text: String) async {
        var keys: [VerifyingKey] = []
        for block in Self.blocks(of: text).prefix(Self.maximumCount) {
            guard let made = await Self.algorithm(of: block), let algorithm = TokenAlgorithm(rawValue: made.name) else {
                continue
            }
            keys.append(VerifyingKey(id: nil, algorithm: algorithm, made))
        }
        guard !keys.isEmpty else { return nil }
        self.init(keys)
    }

    private struct Block {
        let text: String
        let isCertificate: Bool
    }

    private static func blocks(of text: String) -> [Block] {
        var blocks: [Block] = []
        var lines: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") { lines = [] }
            lines.append(line)
            guard line.hasPrefix("-----END ") else { continue }
            blocks.append(
                Block(text: lines.joined(separator: "\n") + "\n", isCertificate: line.contains("CERTIFICATE"))
            )
        }
        return blocks
    }

    private static func algorithm(of block: Block) async -> (any JWTAlgorithm)? {
        let text = block.text
        if block.isCertificate {
            if let key = try? ES256PublicKey(certificate: text) { return try? await KeyAlgorithm.of(key) }
            if let key = try? ES384PublicKey(certificate: text) { return try? await KeyAlgorithm.of(key) }
            if let key = try? ES512PublicKey(certificate: text) { return try? await KeyAlgorithm.of(key) }
            guard let key = try? Insecure.RSA.PublicKey(certificatePEM: text) else { return nil }
            return try? await KeyAlgorithm.of(key, by: .rs256)
        }
        if let key = try? ES256PublicKey(pem: text) { return try? await KeyAlgorithm.of(key) }
        if let key = try? ES384PublicKey(pem: text) { return try? await KeyAlgorithm.of(key) }
        if let key = try? ES512PublicKey(pem: text) { return try? await KeyAlgorithm.of(key) }
        if let key = try? EdDSA.PublicKey(pem: text) { return try? await KeyAlgorithm.of(key) }
        guard let key = try? Insecure.RSA.PublicKey(pem: text) else { return nil }
        return try? await KeyAlgorithm.of(key, by: .rs256)
    }
}
