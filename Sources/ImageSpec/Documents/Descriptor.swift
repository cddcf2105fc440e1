/// What a manifest says of content it names: its type, digest and size.
///
/// - SeeAlso: OCI image-spec, "OCI Content Descriptors".
package struct Descriptor: Sendable, Hashable {
    package var mediaType: MediaType
    package var digest: Digest
    /// In bytes; never negative.
    package var size: Int64
    package var artifactType: MediaType?
    package var platform: Platform?
    package var annotations: [String: String]
    /// Where else the content may be had, for foreign layers.
    package var urls: [String]
    /// Fields that Berth has no name for, `data` among them.
    package var unknownFields: [String: JSONValue]

    package init(
        mediaType: MediaType,
        digest: Digest,
        size: Int64,
        platform: Platform? = nil,
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.artifactType = nil
        self.platform = platform
        self.annotations = annotations
        self.urls = []
        self.unknownFields = [:]
    }

    /// Describes `bytes`.
    package init(mediaType: MediaType, content bytes: [UInt8], platform: Platform? = nil) {
        self.init(mediaType: mediaType, digest: .of(bytes), size: Int64(bytes.count), platform: platform)
    }
}

extension Descriptor: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case mediaType, digest, size, artifactType, platform, annotations, urls
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try container.decode(MediaType.self, forKey: .mediaType)
        digest = try container.decode(Digest.self, forKey: .digest)
        size = try container.decode(Int64.self, forKey: .size)
        guard size >= 0 else {
            throw ImageSpecError.invalidManifest(reason: "the descriptor of \(digest) has the negative size \(size)")
        }
        artifactType = try container.decodeOptionalMediaType(forKey: .artifactType)
        platform = try container.decodeIfPresent(Platform.self, forKey: .platform)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
        urls = try container.decodeIfPresent([String].self, forKey: .urls) ?? []
        unknownFields = try decoder.unknownFields(besides: CodingKeys.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(digest, forKey: .digest)
        try container.encode(size, forKey: .size)
        try container.encodeIfPresent(artifactType, forKey: .artifactType)
        try container.encodeIfPresent(platform, forKey: .platform)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
        if !urls.isEmpty { try container.encode(urls, forKey: .urls) }
        try encoder.encode(unknownFields: unknownFields)
    }
}

extension KeyedDecodingContainer {
    /// A media type, where some writers put an empty string for none.
    func decodeOptionalMediaType(forKey key: Key) throws -> MediaType? {
        guard let text = try decodeIfPresent(String.self, forKey: key), !text.isEmpty else { return nil }
        return try MediaType(text)
    }
}
