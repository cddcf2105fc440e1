/// A repository's name within a registry, such as `library/nginx`.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests", `<name>`.
package struct RepositoryName: Sendable, Hashable, Comparable {
    /// In characters; the longest that all common clients take.
    package static let maximumLength = 255

    package let rawValue: String

    /// - Throws: ``ImageSpecError/invalidRepositoryName(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        guard
            string.utf8.count <= Self.maximumLength,
            string.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                .allSatisfy({ Self.isPathComponent($0) })
        else { throw .invalidRepositoryName(String(string.prefix(Self.maximumLength + 1))) }
        rawValue = String(string)
    }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// A name that nobody chose and nobody guesses, of 256 random bits.
    package static func random() -> RepositoryName {
        let parts = (0..<4).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }
        return RepositoryName(unchecked: parts.joined())
    }

    package static func < (left: RepositoryName, right: RepositoryName) -> Bool { left.rawValue < right.rawValue }

    /// Whether `component` matches `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
    private static func isPathComponent(_ component: some Collection<UInt8>) -> Bool {
        var separator: [UInt8] = []
        var sawAlphanumeric = false
        for byte in component {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard separator.isEmpty || (sawAlphanumeric && isSeparator(separator)) else { return false }
                separator.removeAll(keepingCapacity: true)
                sawAlphanumeric = true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                separator.append(byte)
            default:
                return false
            }
        }
        return sawAlphanumeric && separator.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        switch bytes.first {
        case UInt8(ascii: "-"): bytes.allSatisfy { $0 == UInt8(ascii: "-") }
        case UInt8(ascii: "_"): bytes.count <= 2 && bytes.allSatisfy { $0 == UInt8(ascii: "_") }
        default: bytes.count == 1
        }
    }
}

extension RepositoryName: CustomStringConvertible {
    package var description: String { rawValue }
}
