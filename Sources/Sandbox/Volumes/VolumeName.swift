/// A volume's name, unique on this host.
///
/// - SeeAlso: docker's grammar, `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.
package struct VolumeName: Sendable, Hashable {
    /// In characters: it is a folder's name, too.
    package static let maximumLength = 255

    package let rawValue: String

    /// - Throws: ``SandboxError/invalidVolumeName(_:)``.
    package init(_ string: some StringProtocol) throws(SandboxError) {
        let bytes = string.utf8
        guard
            let first = bytes.first, (2...Self.maximumLength).contains(bytes.count),
            first.isASCIIAlphanumeric, bytes.allSatisfy({ $0.isASCIIAlphanumeric || Self.marks.contains($0) })
        else { throw .invalidVolumeName(String(string.prefix(Self.maximumLength + 1))) }
        rawValue = String(string)
    }

    /// The name of a volume that nobody named: 64 random hexadecimal digits, as docker's.
    package static func anonymous() -> VolumeName {
        VolumeName(ContainerIdentifier())
    }

    private init(_ digits: ContainerIdentifier) {
        rawValue = digits.rawValue
    }

    private static let marks = Set("_.-".utf8)
}

extension VolumeName: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension VolumeName: CustomStringConvertible {
    package var description: String { rawValue }
}
