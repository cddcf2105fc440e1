/// A container's own name: 64 random hexadecimal digits, as docker's.
package struct ContainerIdentifier: Sendable, Hashable {
    package let rawValue: String

    /// A new one, which no other container has.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        let text = (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
        rawValue = String(decoding: text, as: UTF8.self)
    }

    /// Nil for anything but 64 hexadecimal digits.
    init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.utf8.allSatisfy(Self.isHexadecimal) else { return nil }
        self.rawValue = rawValue
    }

    /// The first 12 digits, as docker shows identifiers.
    package var short: String { String(rawValue.prefix(12)) }
}

extension ContainerIdentifier: CustomStringConvertible {
    package var description: String { rawValue }
}

extension ContainerIdentifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Self(rawValue: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a container ID")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
