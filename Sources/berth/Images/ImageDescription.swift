import ImageSpec
import ImageStore

/// All that is known of an image on this host, in the form of docker's `inspect`.
struct ImageDescription {
    private static let configDefaults: [String: JSONValue] = [
        "User": .string(""), "Env": .null, "Cmd": .null, "Entrypoint": .null, "Labels": .null, "Volumes": .null,
        "WorkingDir": .string(""), "ExposedPorts": .null, "OnBuild": .null,
    ]

    let json: JSONValue

    /// - Parameter summaries: of each name that the image has here.
    init(_ image: LocalImage, as summaries: [ImageSummary], in store: ImageStore) throws {
        let tagged = summaries.compactMap(\.reference).filter { $0.digest == nil }
        let config = try JSONValue(parsing: store.layout.document(image.id))
        var fields: [String: JSONValue] = [
            "Id": .string("\(image.id)"),
            "RepoTags": .array(tagged.map { .string(store.shownName(of: $0)) }),
            "RepoDigests": .array(Self.digests(of: summaries, in: store).map(JSONValue.string)),
            "Parent": .string(""),
            "Comment": .string(image.config.history.last?.comment ?? ""),
            "Created": .string(image.config.created ?? ""),
            "DockerVersion": config["docker_version"] ?? .string(""),
            "Author": .string(image.config.author ?? ""),
            "Config": .object(Self.execution(in: config)),
            "Architecture": .string(image.config.platform.architecture),
            "Os": .string(image.config.platform.os),
            "Size": .integer(store.size(of: image)),
            "RootFS": .object([
                "Type": .string("layers"), "Layers": .array(image.config.diffIDs.map { .string("\($0)") }),
            ]),
            "Descriptor": .object([
                "mediaType": .string("\(image.manifest.mediaType)"),
                "digest": .string("\(image.manifestDigest)"),
                "size": .integer(Int64(image.manifest.bytes.count)),
            ]),
        ]
        fields["Variant"] = image.config.platform.variant.map(JSONValue.string)
        json = .object(fields)
    }

    private static func digests(of summaries: [ImageSummary], in store: ImageStore) -> [String] {
        let digests = summaries.compactMap { summary -> String? in
            guard let name = summary.reference, let digest = summary.registryDigest else { return nil }
            return "\(store.shownRepository(of: name))@\(digest)"
        }
        return Set(digests).sorted()
    }

    private static func execution(in config: JSONValue) -> [String: JSONValue] {
        guard case .object(let stated)? = config["config"] else { return configDefaults }
        return configDefaults.merging(stated) { _, stated in stated }
    }
}
