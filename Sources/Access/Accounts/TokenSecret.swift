import ImageSpec

/// The secret of an access token: what its owner keeps, and nobody here.
///
/// A prefix that says what it is, 43 characters of chance (256 bits), and six that are the CRC-32 of all before, in base
/// 62. So those who look for secrets in files know one when they see it, and a mistyped one is refused unread.
package struct TokenSecret: Sendable, Hashable {
    package let text: String
    package let kind: AccessToken.Kind

    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let randomLength = 43
    private static let checksumLength = 6

    /// A new one.
    package init(_ kind: AccessToken.Kind) {
        var bytes = Array(kind.prefix.utf8)
        // The system's generator is one for secrets (getrandom).
        for _ in 0..<Self.randomLength { bytes.append(Self.digits[Int.random(in: 0..<Self.digits.count)]) }
        text = String(decoding: bytes + Self.checksum(of: bytes), as: UTF8.self)
        self.kind = kind
    }

    /// Reads one; nil for a text that can't be one.
    package init?(_ text: String) {
        guard let kind = AccessToken.Kind.allCases.first(where: { text.hasPrefix($0.prefix) }) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count == kind.prefix.utf8.count + Self.randomLength + Self.checksumLength else { return nil }
        guard Self.checksum(of: bytes.dropLast(Self.checksumLength)).elementsEqual(bytes.suffix(Self.checksumLength))
        else { return nil }
        self.text = text
        self.kind = kind
    }

    /// Whether a text is meant as one, mistyped or not.
    package static func isMeant(by text: String) -> Bool {
        AccessToken.Kind.allCases.contains { text.hasPrefix($0.prefix) }
    }

    /// What is kept of it.
    package var hash: Digest { Digest.of(Array(text.utf8)) }

    private static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var rest = crc32(of: bytes)
        var text: [UInt8] = []
        for _ in 0..<checksumLength {
            text.append(digits[Int(rest % 62)])
            rest /= 62
        }
        return text.reversed()
    }

    /// The usual one, of ISO 3309 and of zip.
    private static func crc32(of bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = sum & 1 == 1
                sum >>= 1
                if isOdd { sum ^= 0xedb8_8320 }
            }
        }
        return ~sum
    }
}

extension TokenSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret: descriptions end in logs.
    package var description: String { "\(kind.prefix)…" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension AccessToken.Kind {
    /// What the secrets of this kind begin with.
    package var prefix: String {
        switch self {
        case .personal: "berth_pat_"
        case .robot: "berth_bot_"
        case .refresh: "berth_ref_"
        }
    }
}
