import Crypto
import Foundation
import ImageSpec
import JWTKit

extension KeySet {
    /// Reads a key set as providers publish it. Keys that aren't for signatures or of which nothing is known here are
    /// left out.
    ///
    /// - Returns: nil when it isn't one, or none of its keys can be used.
    /// - SeeAlso: RFC 7517, section 5.
    init?(jwks document: [UInt8]) async {
        guard let value = try? JSONValue(parsing: document, refusingDuplicates: true),
            case .array(let entries)? = value["keys"]
        else { return nil }
        var keys: [VerifyingKey] = []
        for entry in entries.prefix(Self.maximumCount) {
            if let key = await Self.key(entry) { keys.append(key) }
        }
        guard !keys.isEmpty else { return nil }
        self.init(keys)
    }

    private static func key(_ entry: JSONValue) async -> VerifyingKey? {
        guard entry["use"] == nil || entry["use"]?.string == "sig" else { return nil }
        if case .array(let operations)? = entry["key_ops"], !operations.contains(.string("verify")) { return nil }
        guard let made = try? await algorithm(of: entry), let algorithm = TokenAlgorithm(rawValue: made.name) else {
            return nil
        }
        if let stated = entry["alg"], stated != .string(algorithm.rawValue) { return nil }
        return VerifyingKey(id: entry["kid"]?.string, algorithm: algorithm, made)
    }

    private static func algorithm(of entry: JSONValue) async throws -> (any JWTAlgorithm)? {
        switch (entry["kty"]?.string, entry["crv"]?.string) {
        case ("EC", "P-256"):
            guard let point = point(of: entry, size: 32) else { return nil }
            return try await KeyAlgorithm.of(
                ES256PublicKey(backing: P256.Signing.PublicKey(x963Representation: point))
            )
        case ("EC", "P-384"):
            guard let point = point(of: entry, size: 48) else { return nil }
            return try await KeyAlgorithm.of(
                ES384PublicKey(backing: P384.Signing.PublicKey(x963Representation: point))
            )
        case ("EC", "P-521"):
            guard let point = point(of: entry, size: 66) else { return nil }
            return try await KeyAlgorithm.of(
                ES512PublicKey(backing: P521.Signing.PublicKey(x963Representation: point))
            )
        case ("OKP", "Ed25519"):
            guard let bytes = bytes(of: entry, "x"), bytes.count == 32 else { return nil }
            return try await KeyAlgorithm.of(
                EdDSA.PublicKey(backing: Curve25519.Signing.PublicKey(rawRepresentation: bytes))
            )
        case ("RSA", _):
            return try await rsa(entry)
        default:
            return nil
        }
    }

    /// A point that isn't compressed, as X9.63 has it.
    private static func point(of entry: JSONValue, size: Int) -> [UInt8]? {
        guard let x = bytes(of: entry, "x"), let y = bytes(of: entry, "y"), x.count == size, y.count == size else {
            return nil
        }
        return [4] + x + y
    }

    /// From 2048 to 8192 bits, with an exponent of at most 32: what is larger costs much to verify.
    private static func rsa(_ entry: JSONValue) async throws -> (any JWTAlgorithm)? {
        guard let modulus = entry["n"]?.string, let exponent = entry["e"]?.string,
            let size = Base64URL.bytes(of: modulus)?.count, (256...1024).contains(size),
            let length = Base64URL.bytes(of: exponent)?.count, (1...4).contains(length)
        else { return nil }
        let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
        guard let algorithm = TokenAlgorithm(rawValue: entry["alg"]?.string ?? TokenAlgorithm.rs256.rawValue) else {
            return nil
        }
        return try await KeyAlgorithm.of(key, by: algorithm)
    }

    private static func bytes(of entry: JSONValue, _ name: String) -> [UInt8]? {
        entry[name]?.string.flatMap { Base64URL.bytes(of: $0) }
    }
}
