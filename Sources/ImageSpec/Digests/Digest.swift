/// The name of content by its hash, such as `sha256:e3b0c442…`.
///
/// A value is always well formed: a registered algorithm and as many lower-case hexadecimal digits as it makes.
///
/// - SeeAlso: OCI image-spec, "Digests".
package struct Digest: Sendable, Hashable {
    package let algorithm: DigestAlgorithm
    /// The hash in lower-case hexadecimal digits.
    package let hex: String

    /// Parses `algorithm:hex`.
    ///
    /// - Throws: ``ImageSpecError/invalidDigest(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        try self.init(parsing: String(string))
    }

    /// For one type alone: other modules call what is generic as it stands, many times slower.
    private init(parsing string: String) throws(ImageSpecError) {
        let bytes = string.utf8
        guard
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let algorithm = DigestAlgorithm(rawValue: String(string[..<colon])),
            case let start = bytes.index(after: colon),
            bytes.count - bytes.distance(from: bytes.startIndex, to: start) == algorithm.byteCount * 2,
            bytes[start...].allSatisfy(Self.isLowercaseHexadecimal)
        else { throw .invalidDigest(String(string.prefix(200))) }
        self.algorithm = algorithm
        self.hex = String(string[start...])
    }

    /// Names the raw hash `bytes` made by `algorithm`; `bytes` has as many as the algorithm makes.
    init(algorithm: DigestAlgorithm, bytes: some Collection<UInt8>) {
        precondition(bytes.count == algorithm.byteCount)
        self.algorithm = algorithm
        self.hex = hexadecimal(bytes)
    }

    /// Computes the digest of `bytes`.
    package static func of(_ bytes: some Sequence<UInt8>, by algorithm: DigestAlgorithm = .sha256) -> Digest {
        var hasher = DigestHasher(algorithm)
        let hashed: Void? = bytes.withContiguousStorageIfAvailable { hasher.update(UnsafeRawBufferPointer($0)) }
        if hashed == nil {
            Array(bytes).withUnsafeBytes { hasher.update($0) }
        }
        return hasher.finalize()
    }

    private static func isLowercaseHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { "\(algorithm.rawValue):\(hex)" }

    /// The first 12 digits, as docker shows identifiers.
    package var short: String { String(hex.prefix(12)) }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
