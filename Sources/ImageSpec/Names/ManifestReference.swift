/// How a manifest is asked for within a repository: by tag or by digest.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests", `<reference>`.
package enum ManifestReference: Sendable, Hashable {
    case tag(Tag)
    case digest(Digest)

    /// Parses what stands behind `/manifests/`: with a colon it is a digest, without a tag.
    ///
    /// - Throws: ``ImageSpecError/invalidDigest(_:)`` or ``ImageSpecError/invalidTag(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        self = string.utf8.contains(UInt8(ascii: ":")) ? .digest(try Digest(string)) : .tag(try Tag(string))
    }
}

extension ManifestReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tag(let tag): tag.rawValue
        case .digest(let digest): digest.description
        }
    }
}
