import JWTKit

/// What a key signs and verifies; JWTKit tells it only through a collection of keys.
enum KeyAlgorithm {
    static func of(_ key: some ECDSAKey) async throws -> any JWTAlgorithm {
        try await JWTKeyCollection().add(ecdsa: key).getKey()
    }

    static func of(_ key: some EdDSAKey) async throws -> any JWTAlgorithm {
        try await JWTKeyCollection().add(eddsa: key).getKey()
    }

    /// - Returns: nil when an RSA key can't sign by `algorithm`.
    static func of(_ key: some RSAKey, by algorithm: TokenAlgorithm) async throws -> (any JWTAlgorithm)? {
        let keys = JWTKeyCollection()
        switch algorithm {
        case .rs256: await keys.add(rsa: key, digestAlgorithm: .sha256)
        case .rs384: await keys.add(rsa: key, digestAlgorithm: .sha384)
        case .rs512: await keys.add(rsa: key, digestAlgorithm: .sha512)
        case .ps256: await keys.add(pss: key, digestAlgorithm: .sha256)
        case .ps384: await keys.add(pss: key, digestAlgorithm: .sha384)
        case .ps512: await keys.add(pss: key, digestAlgorithm: .sha512)
        case .es256, .es384, .es512, .edDSA: return nil
        }
        return try await keys.getKey()
    }
}
