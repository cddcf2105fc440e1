/// A human's name for a manifest in a repository, such as `1.27-alpine`.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests", `<reference>` as a tag.
package struct Tag: Sendable, Hashable, Comparable {
    /// In characters.
    package static let maximumLength = 128
    /// What docker means when no tag is given.
    package static let latest = Tag(unchecked: "latest")

    package let rawValue: String

    /// - Throws: ``ImageSpecError/invalidTag(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        let bytes = string.utf8
        guard
            let first = bytes.first, bytes.count <= Self.maximumLength,
            first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
            bytes.allSatisfy(Self.isAllowed)
        else { throw .invalidTag(String(string.prefix(Self.maximumLength + 1))) }
        rawValue = String(string)
    }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    package static func < (left: Tag, right: Tag) -> Bool { left.rawValue < right.rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension Tag: CustomStringConvertible {
    package var description: String { rawValue }
}
