/// The fields of a manifest of one image or artifact: its config and layers.
///
/// OCI image manifests and Docker image manifests, version 2 schema 2, have the same shape.
///
/// - SeeAlso: OCI image-spec, "OCI Image Manifest Specification".
package struct ImageManifest: Sendable, Hashable {
    package var artifactType: MediaType?
    package var config: Descriptor
    /// From the lowest to the highest.
    package var layers: [Descriptor]
    /// The manifest that this one is a referrer of.
    package var subject: Descriptor?
    package var annotations: [String: String]

    package init(config: Descriptor, layers: [Descriptor], annotations: [String: String] = [:]) {
        self.artifactType = nil
        self.config = config
        self.layers = layers
        self.subject = nil
        self.annotations = annotations
    }
}

extension ImageManifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case artifactType, config, layers, subject, annotations
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        artifactType = try container.decodeOptionalMediaType(forKey: .artifactType)
        config = try container.decode(Descriptor.self, forKey: .config)
        layers = try container.decodeIfPresent([Descriptor].self, forKey: .layers) ?? []
        subject = try container.decodeIfPresent(Descriptor.self, forKey: .subject)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(artifactType, forKey: .artifactType)
        try container.encode(config, forKey: .config)
        try container.encode(layers, forKey: .layers)
        try container.encodeIfPresent(subject, forKey: .subject)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
    }
}
