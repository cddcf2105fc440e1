import ImageSpec

/// A token taken apart; nothing of it is believed yet.
///
/// Of its header only the algorithm and the key's name are read: keys, addresses of keys and certificates that a token
/// brings along prove nothing.
///
/// - SeeAlso: RFC 7515, section 7.1; RFC 8725.
struct CompactToken: Sendable {
    /// In bytes.
    static let maximumLength = 8 << 10
    /// In bytes.
    private static let maximumKeyIDLength = 256

    let algorithm: String
    let keyID: String?
    let claims: TokenClaims
    /// What the signature is of.
    let signed: [UInt8]
    let signature: [UInt8]

    /// - Throws: ``TokenError/tooLong(limit:)``, ``TokenError/malformed(reason:)``.
    init(_ text: String) throws(TokenError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength else { throw .tooLong(limit: Self.maximumLength) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed(reason: "it has \(parts.count) parts, not three") }
        let header = try Self.object(parts[0], "header")
        guard header["crit"] == nil else { throw .malformed(reason: "it asks for what isn't known here ('crit')") }
        guard let algorithm = header["alg"]?.string else { throw .malformed(reason: "its header has no 'alg'") }
        keyID = try header["kid"].map { value throws(TokenError) in
            guard let id = value.string, id.utf8.count <= Self.maximumKeyIDLength else {
                throw .malformed(reason: "its 'kid' is no name of a key")
            }
            return id
        }
        guard let signature = Base64URL.bytes(of: parts[2]), !signature.isEmpty else {
            throw .malformed(reason: "it has no signature")
        }
        self.algorithm = String(algorithm.prefix(20))
        claims = TokenClaims(try Self.object(parts[1], "payload"))
        signed = Array(bytes[..<parts[1].endIndex])
        self.signature = signature
    }

    /// Whether `text` looks like a token rather than like a password.
    static func isLike(_ text: String) -> Bool {
        // Every header begins with {".
        text.hasPrefix("eyJ") && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    private static func object(_ part: ArraySlice<UInt8>, _ name: String) throws(TokenError) -> [String: JSONValue] {
        guard let bytes = Base64URL.bytes(of: part) else { throw .malformed(reason: "its \(name) is not base64url") }
        guard let value = try? JSONValue(parsing: bytes, refusingDuplicates: true), case .object(let members) = value
        else { throw .malformed(reason: "its \(name) is not a JSON object whose keys are unique") }
        return members
    }
}
