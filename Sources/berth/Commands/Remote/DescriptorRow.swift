import ImageSpec

/// What a registry has, as a line of a list.
struct DescriptorRow {
    /// What stands above the column of each field.
    static let headings = [
        "Digest": "DIGEST", "ArtifactType": "ARTIFACT TYPE", "MediaType": "MEDIA TYPE", "Size": "SIZE",
        "Annotations": "ANNOTATIONS",
    ]

    private let descriptor: Descriptor

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    /// The type that says what an artifact is.
    var artifactType: MediaType { descriptor.artifactType ?? descriptor.mediaType }

    /// The fields that a `--format` may name.
    var fields: [String: JSONValue] {
        [
            "Digest": .string("\(descriptor.digest)"),
            "ArtifactType": .string("\(artifactType)"),
            "MediaType": .string("\(descriptor.mediaType)"),
            "Size": .integer(descriptor.size),
            "Annotations": .object(descriptor.annotations.mapValues(JSONValue.string)),
        ]
    }
}
