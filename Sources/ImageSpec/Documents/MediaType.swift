/// A media type without parameters, such as `application/vnd.oci.image.manifest.v1+json`.
///
/// - SeeAlso: RFC 6838, section 4.2.
package struct MediaType: Sendable, Hashable {
    /// In characters.
    package static let maximumLength = 255

    package let rawValue: String

    /// Parses `type/subtype`; parameters behind a semicolon are dropped.
    ///
    /// - Throws: ``ImageSpecError/invalidMediaType(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        let essence = string.prefix { $0 != ";" }.trimmingSpaces()
        let parts = essence.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard
            parts.count == 2, essence.utf8.count <= Self.maximumLength,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isAllowed) })
        else { throw .invalidMediaType(String(string.prefix(Self.maximumLength))) }
        rawValue = String(essence)
    }

    private init(known rawValue: StaticString) {
        self.rawValue = rawValue.description
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$&-^_.+*".utf8.contains(byte)
        }
    }
}

extension MediaType {
    package static let ociManifest = MediaType(known: "application/vnd.oci.image.manifest.v1+json")
    package static let ociIndex = MediaType(known: "application/vnd.oci.image.index.v1+json")
    package static let ociConfig = MediaType(known: "application/vnd.oci.image.config.v1+json")
    package static let ociLayer = MediaType(known: "application/vnd.oci.image.layer.v1.tar")
    package static let ociLayerGzip = MediaType(known: "application/vnd.oci.image.layer.v1.tar+gzip")
    package static let ociLayerZstd = MediaType(known: "application/vnd.oci.image.layer.v1.tar+zstd")
    package static let dockerManifest = MediaType(known: "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerManifestList = MediaType(
        known: "application/vnd.docker.distribution.manifest.list.v2+json"
    )
    package static let dockerConfig = MediaType(known: "application/vnd.docker.container.image.v1+json")
    package static let octetStream = MediaType(known: "application/octet-stream")

    /// Every kind of manifest that Berth reads, in the order in which it prefers them.
    package static let manifests: [MediaType] = [.ociIndex, .ociManifest, .dockerManifestList, .dockerManifest]

    /// Whether this is one of the types of Docker's schema 1 manifests, which aren't read any more.
    package var isDockerSchema1: Bool { rawValue.hasPrefix("application/vnd.docker.distribution.manifest.v1+") }

    /// Whether content of this type is named by a manifest but need not be in the registry: the
    /// non-distributable layers of OCI and the foreign layers of docker.
    package var isNonDistributable: Bool {
        rawValue.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || rawValue.hasPrefix("application/vnd.docker.image.rootfs.foreign.diff.")
    }
}

extension MediaType: CustomStringConvertible {
    package var description: String { rawValue }
}

extension MediaType: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension StringProtocol {
    func trimmingSpaces() -> SubSequence {
        var trimmed = self[...]
        while let last = trimmed.last, last == " " || last == "\t" { trimmed.removeLast() }
        return trimmed.drop { $0 == " " || $0 == "\t" }
    }
}
