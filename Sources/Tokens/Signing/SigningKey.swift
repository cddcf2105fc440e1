import Access
import Crypto
import Foundation
import ImageSpec
import JWTKit

/// A key of ours, with which tokens are signed and verified.
struct SigningKey: Sendable {
    let id: String
    let algorithm: SigningAlgorithm
    /// Seconds since 1970.
    let createdAt: Int64
    /// As it is published; only the public half.
    let published: JSONValue
    private let key: any JWTAlgorithm

    /// - Throws: when the algorithm isn't known here or the secret is none of its keys.
    init(_ stored: StoredSigningKey) async throws {
        guard let algorithm = SigningAlgorithm(rawValue: stored.algorithm) else { throw TokenError.noSigningKey }
        let published: [String: JSONValue]
        switch algorithm {
        case .es256:
            let secret = try P256.Signing.PrivateKey(rawRepresentation: stored.secret)
            key = try await KeyAlgorithm.of(ES256PrivateKey(backing: secret))
            published = Self.members(of: secret.publicKey)
        case .edDSA:
            let secret = try Curve25519.Signing.PrivateKey(rawRepresentation: stored.secret)
            key = try await KeyAlgorithm.of(EdDSA.PrivateKey(backing: secret))
            published = Self.members(of: secret.publicKey)
        }
        self.algorithm = algorithm
        id = stored.id
        createdAt = stored.createdAt
        self.published = .object(
            published.merging([
                "kid": .string(id), "use": .string("sig"), "alg": .string(algorithm.rawValue),
            ]) { $1 }
        )
    }

    /// A new key, named by its public half's thumbprint (RFC 7638).
    static func generate(_ algorithm: SigningAlgorithm, at time: Int64) -> StoredSigningKey {
        let secret: [UInt8]
        let members: [String: JSONValue]
        switch algorithm {
        case .es256:
            let key = P256.Signing.PrivateKey()
            (secret, members) = (Array(key.rawRepresentation), Self.members(of: key.publicKey))
        case .edDSA:
            let key = Curve25519.Signing.PrivateKey()
            (secret, members) = (Array(key.rawRepresentation), Self.members(of: key.publicKey))
        }
        let thumbprint = SHA256.hash(data: JSONValue.object(members).compactText)
        return StoredSigningKey(
            id: Base64URL.text(of: thumbprint),
            algorithm: algorithm.rawValue,
            secret: secret,
            createdAt: time
        )
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { try key.sign(bytes) }

    func verify(_ token: CompactToken) throws(TokenError) {
        guard token.algorithm == algorithm.rawValue else { throw .wrongAlgorithm(token.algorithm) }
        guard (try? key.verify(token.signature, signs: token.signed)) == true else { throw .wrongSignature }
    }

    private static func members(of key: P256.Signing.PublicKey) -> [String: JSONValue] {
        let point = Array(key.rawRepresentation)
        return [
            "kty": .string("EC"), "crv": .string("P-256"),
            "x": .string(Base64URL.text(of: point.prefix(32))), "y": .string(Base64URL.text(of: point.suffix(32))),
        ]
    }

    private static func members(of key: Curve25519.Signing.PublicKey) -> [String: JSONValue] {
        ["kty": .string("OKP"), "crv": .string("Ed25519"), "x": .string(Base64URL.text(of: key.rawRepresentation))]
    }
}
