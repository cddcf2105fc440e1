import FoundationEssentials

/// A manifest as it was received: its exact bytes, and what they say.
///
/// The bytes are what the digest names, so they are never written anew from the fields.
package struct Manifest: Sendable {
    package enum Content: Sendable, Hashable {
        case image(ImageManifest)
        case index(ImageIndex)
    }

    /// How many values a manifest's JSON may have: more than 4 MiB of descriptors need.
    package static let maximumValues = 200_000

    package let bytes: [UInt8]
    package let mediaType: MediaType
    package let content: Content

    /// Parses `bytes`.
    ///
    /// - Parameter contentType: what the bytes came as, from a `Content-Type` or a descriptor; when the document
    ///   states a media type of its own, the two must agree.
    /// - Throws: ``ImageSpecError/invalidManifest(reason:)``, ``ImageSpecError/obsoleteManifest``.
    package init(parsing bytes: [UInt8], contentType: MediaType? = nil) throws(ImageSpecError) {
        // Each comma, bracket and brace begins a value, which costs far more memory and time than its bytes.
        guard bytes.count(where: { $0 == 0x2c || $0 == 0x5b || $0 == 0x7b }) <= Self.maximumValues else {
            throw .invalidManifest(reason: "it has more than \(Self.maximumValues) values")
        }
        let outline: Outline = try Self.decode(bytes)
        guard outline.schemaVersion != 1 else { throw .obsoleteManifest }
        guard outline.schemaVersion == 2 else {
            throw .invalidManifest(
                reason: "schemaVersion is \(outline.schemaVersion.map(String.init) ?? "missing"); only 2 is read"
            )
        }
        // A document that is both lets two clients read two images under one digest (CVE-2021-41190).
        if outline.hasManifests, outline.hasConfig || outline.hasLayers {
            throw .invalidManifest(reason: "it has both 'manifests' and 'config' or 'layers'")
        }
        let mediaType = try Self.mediaType(of: outline, contentType: contentType)
        switch mediaType {
        case .ociIndex, .dockerManifestList:
            guard outline.hasManifests else { throw .invalidManifest(reason: "an index needs 'manifests'") }
            content = .index(try Self.decode(bytes))
        case .ociManifest, .dockerManifest:
            content = .image(try Self.decode(bytes))
        default:
            throw .invalidManifest(reason: "'\(mediaType)' is not a manifest's media type that is read here")
        }
        self.bytes = bytes
        self.mediaType = mediaType
    }

    /// Writes a new OCI image manifest.
    package init(_ image: ImageManifest) throws(ImageSpecError) {
        bytes = try canonicalJSON(ManifestFields(mediaType: .ociManifest, image: image))
        mediaType = .ociManifest
        content = .image(image)
    }

    package func digest(by algorithm: DigestAlgorithm = .sha256) -> Digest { .of(bytes, by: algorithm) }

    /// The descriptor of this manifest.
    package var descriptor: Descriptor { Descriptor(mediaType: mediaType, content: bytes) }

    /// The manifest that this one is a referrer of.
    package var subject: Descriptor? {
        switch content {
        case .image(let image): image.subject
        case .index(let index): index.subject
        }
    }

    package var annotations: [String: String] {
        switch content {
        case .image(let image): image.annotations
        case .index(let index): index.annotations
        }
    }

    /// The type of artifact: the stated one, else an image manifest's config type.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Referrers".
    package var artifactType: MediaType? {
        switch content {
        case .image(let image): image.artifactType ?? image.config.mediaType
        case .index(let index): index.artifactType
        }
    }

    private static func mediaType(of outline: Outline, contentType: MediaType?) throws(ImageSpecError) -> MediaType {
        if let stated = outline.mediaType, let contentType, stated != contentType {
            throw .invalidManifest(reason: "it says it is '\(stated)' but came as '\(contentType)'")
        }
        if let known = outline.mediaType ?? contentType { return known }
        return outline.hasManifests ? .ociIndex : .ociManifest
    }

    private static func decode<Fields: Decodable>(_ bytes: [UInt8]) throws(ImageSpecError) -> Fields {
        do {
            return try ForeignJSON.decode(Fields.self, from: bytes)
        } catch let error as ImageSpecError {
            throw error
        } catch {
            throw .invalidManifest(reason: explain(error))
        }
    }
}

extension Manifest {
    /// Just enough of a document to tell what kind it is.
    private struct Outline: Decodable {
        let schemaVersion: Int?
        let mediaType: MediaType?
        let hasManifests: Bool
        let hasConfig: Bool
        let hasLayers: Bool

        enum CodingKeys: String, CodingKey {
            case schemaVersion, mediaType, manifests, config, layers
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            schemaVersion = try container.decodeIfPresent(Int.self, forKey: .schemaVersion)
            mediaType = try container.decodeOptionalMediaType(forKey: .mediaType)
            hasManifests = container.contains(.manifests)
            hasConfig = container.contains(.config)
            hasLayers = container.contains(.layers)
        }
    }

    private struct ManifestFields: Encodable {
        let mediaType: MediaType
        let image: ImageManifest

        enum CodingKeys: String, CodingKey {
            case schemaVersion, mediaType
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(2, forKey: .schemaVersion)
            try container.encode(mediaType, forKey: .mediaType)
            try image.encode(to: encoder)
        }
    }
}

/// One line on why a document could not be decoded.
func explain(_ error: any Error) -> String {
    if let error = error as? ForeignJSON.NestedTooDeep { return error.description }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context):
        "'\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
        "'\(path(context.codingPath))' has the wrong type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
        "'\(path(context.codingPath))' is not valid"
    default:
        "it is not well-formed JSON"
    }
}

private func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
}

/// JSON with sorted keys: the same value always gives the same bytes, and so the same digest.
package func canonicalJSON(_ value: some Encodable) throws(ImageSpecError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return Array(try encoder.encode(value))
    } catch {
        throw .invalidManifest(reason: "it can't be written as JSON: \(error)")
    }
}
