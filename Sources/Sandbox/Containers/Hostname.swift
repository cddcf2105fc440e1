/// The name a container gives itself.
package struct Hostname: Sendable, Hashable {
    /// In characters; the kernel's limit (`__NEW_UTS_LEN`).
    package static let maximumLength = 64

    package let rawValue: String

    /// - Throws: ``SandboxError/invalidHostname(_:)``.
    package init(_ string: some StringProtocol) throws(SandboxError) {
        let bytes = string.utf8
        guard
            let first = bytes.first, first.isASCIIAlphanumeric, bytes.count <= Self.maximumLength,
            bytes.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { throw .invalidHostname(String(string.prefix(Self.maximumLength + 1))) }
        rawValue = String(string)
    }

    /// The short form of a container's ID.
    init(_ identifier: ContainerIdentifier) {
        rawValue = identifier.short
    }
}

extension Hostname: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension Hostname: CustomStringConvertible {
    package var description: String { rawValue }
}
