/// A container's name as its user chose it, unique on this host.
///
/// - SeeAlso: docker's grammar, `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.
package struct ContainerName: Sendable, Hashable {
    /// In characters: it is a file's name, too.
    package static let maximumLength = 255

    package let rawValue: String

    /// - Throws: ``SandboxError/invalidContainerName(_:)``.
    package init(_ string: some StringProtocol) throws(SandboxError) {
        let bytes = string.utf8
        guard
            let first = bytes.first, (2...Self.maximumLength).contains(bytes.count),
            first.isASCIIAlphanumeric, bytes.allSatisfy(Self.isAllowed)
        else { throw .invalidContainerName(String(string.prefix(Self.maximumLength + 1))) }
        rawValue = String(string)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
}

extension ContainerName: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension ContainerName: CustomStringConvertible {
    package var description: String { rawValue }
}

extension UInt8 {
    var isASCIIAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
