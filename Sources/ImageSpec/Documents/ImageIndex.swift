/// The fields of a list of manifests, most often one for each platform.
///
/// OCI image indexes and Docker manifest lists have the same shape.
///
/// - SeeAlso: OCI image-spec, "OCI Image Index Specification".
package struct ImageIndex: Sendable, Hashable {
    package var artifactType: MediaType?
    package var manifests: [Descriptor]
    /// The manifest that this one is a referrer of.
    package var subject: Descriptor?
    package var annotations: [String: String]
    package var unknownFields: [String: JSONValue]

    package init(manifests: [Descriptor]) {
        self.artifactType = nil
        self.manifests = manifests
        self.subject = nil
        self.annotations = [:]
        self.unknownFields = [:]
    }

    /// The first manifest whose platform runs on `platform`; attestations and other artifacts have none.
    package func manifest(for platform: Platform) -> Descriptor? {
        let exact = manifests.first {
            $0.platform?.variant == platform.variant && $0.platform?.runs(on: platform) == true
        }
        return exact ?? manifests.first { $0.platform?.runs(on: platform) == true }
    }
}

extension ImageIndex: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, mediaType, artifactType, manifests, subject, annotations
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        artifactType = try container.decodeOptionalMediaType(forKey: .artifactType)
        manifests = try container.decodeIfPresent([Descriptor].self, forKey: .manifests) ?? []
        subject = try container.decodeIfPresent(Descriptor.self, forKey: .subject)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
        unknownFields = try decoder.unknownFields(besides: CodingKeys.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(2, forKey: .schemaVersion)
        try container.encode(MediaType.ociIndex, forKey: .mediaType)
        try container.encodeIfPresent(artifactType, forKey: .artifactType)
        try container.encode(manifests, forKey: .manifests)
        try container.encodeIfPresent(subject, forKey: .subject)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
        try encoder.encode(unknownFields: unknownFields)
    }
}
