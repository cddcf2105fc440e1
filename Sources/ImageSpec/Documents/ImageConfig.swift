import FoundationEssentials

/// What an image is made of and how it wants to be run.
///
/// - SeeAlso: OCI image-spec, "OCI Image Configuration".
package struct ImageConfig: Sendable, Hashable {
    package var platform: Platform
    /// RFC 3339.
    package var created: String?
    package var author: String?
    package var execution: ImageExecution
    /// The digests of the uncompressed layers, from the lowest to the highest.
    package var diffIDs: [Digest]
    package var history: [ImageHistoryEntry]
    package var unknownFields: [String: JSONValue]

    package init(platform: Platform, execution: ImageExecution = ImageExecution(), diffIDs: [Digest]) {
        self.platform = platform
        self.created = nil
        self.author = nil
        self.execution = execution
        self.diffIDs = diffIDs
        self.history = []
        self.unknownFields = [:]
    }

    /// Parses the bytes of a config blob.
    ///
    /// - Throws: ``ImageSpecError/invalidImageConfig(reason:)``.
    package init(parsing bytes: [UInt8]) throws(ImageSpecError) {
        do {
            self = try ForeignJSON.decode(ImageConfig.self, from: bytes)
        } catch let error as ImageSpecError {
            throw .invalidImageConfig(reason: error.description)
        } catch {
            throw .invalidImageConfig(reason: explain(error))
        }
    }
}

extension ImageConfig: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case os, architecture, variant, created, author, config, rootfs, history
    }

    private struct RootFilesystem: Codable {
        let type: String
        let diffIDs: [Digest]

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let variant = try container.decodeIfPresent(String.self, forKey: .variant)
        platform = Platform(
            os: try container.decode(String.self, forKey: .os),
            architecture: try container.decode(String.self, forKey: .architecture),
            variant: variant == "" ? nil : variant
        )
        created = try container.decodeIfPresent(String.self, forKey: .created)
        author = try container.decodeIfPresent(String.self, forKey: .author)
        execution = try container.decodeIfPresent(ImageExecution.self, forKey: .config) ?? ImageExecution()
        diffIDs = try container.decode(RootFilesystem.self, forKey: .rootfs).diffIDs
        history = try container.decodeIfPresent([ImageHistoryEntry].self, forKey: .history) ?? []
        unknownFields = try decoder.unknownFields(besides: CodingKeys.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(platform.os, forKey: .os)
        try container.encode(platform.architecture, forKey: .architecture)
        try container.encodeIfPresent(platform.variant, forKey: .variant)
        try container.encodeIfPresent(created, forKey: .created)
        try container.encodeIfPresent(author, forKey: .author)
        try container.encode(execution, forKey: .config)
        try container.encode(RootFilesystem(type: "layers", diffIDs: diffIDs), forKey: .rootfs)
        if !history.isEmpty { try container.encode(history, forKey: .history) }
        try encoder.encode(unknownFields: unknownFields)
    }
}
