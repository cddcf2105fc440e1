import ImageSpec

extension Digest {
    /// In characters, as the specification cuts it.
    private static let maximumTagHexLength = 64

    /// The tag under which clients list a manifest's referrers where the registry doesn't: `sha256-…`.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Referrers Tag Schema".
    package var referrersTag: Tag { tag("") }

    /// The tags under which cosign keeps a manifest's signatures, attestations and SBOMs, where it uses no subjects.
    package var companionTags: [Tag] { [".sig", ".att", ".sbom"].map(tag) }

    private func tag(_ suffix: String) -> Tag {
        // An algorithm's name, hexadecimal digits and these suffixes always make a tag.
        (try? Tag("\(algorithm.rawValue)-\(hex.prefix(Self.maximumTagHexLength))\(suffix)")) ?? .latest
    }
}
