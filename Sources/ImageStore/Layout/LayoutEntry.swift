import FoundationEssentials
import ImageSpec

/// One entry of a layout's `index.json`: a manifest, and most often its name.
struct LayoutEntry: Sendable, Equatable {
    /// OCI image-spec, "Pre-Defined Annotation Keys".
    static let nameAnnotation = "org.opencontainers.image.ref.name"
    /// The digest of what the registry named by the reference when that was an index: the entry itself is the
    /// manifest of this host's platform.
    static let resolvedAnnotation = "dev.berth.image.resolved"

    /// Says that the manifest was made here, of an archive that had none: nobody knows its digest.
    static let madeHereAnnotation = "dev.berth.image.made"

    /// The entry as it stands in the file.
    let json: JSONValue

    init(json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - manifest: the manifest of one platform.
    ///   - name: the complete name; nil when only the digest names the image.
    ///   - resolved: the digest that the name stood for at the registry.
    init(_ manifest: Descriptor, name: ImageReference?, resolved: Digest?) throws {
        var descriptor = manifest
        descriptor.annotations[Self.nameAnnotation] = name?.layoutName
        descriptor.annotations[Self.resolvedAnnotation] =
            resolved == manifest.digest ? nil : resolved?.description
        json = try JSONValue(parsing: canonicalJSON(descriptor))
    }

    /// What the entry says, when Berth can read it; found out anew each time, for most are only passed by.
    var descriptor: Descriptor? {
        try? JSONDecoder().decode(Descriptor.self, from: Data(json.compactText))
    }

    var isMadeHere: Bool { annotation(Self.madeHereAnnotation) != nil }

    /// Whether the entry is of the manifest with this digest.
    func names(_ digest: Digest) -> Bool { json["digest"]?.string == digest.description }

    func annotation(_ name: String) -> String? { json["annotations"]?[name]?.string }

    var name: String? { annotation(Self.nameAnnotation) }

    /// The name as a reference; nil for names that other tools gave in forms of their own.
    var reference: ImageReference? {
        guard let name, let reference = try? ImageReference(name), reference.layoutName == name else { return nil }
        return reference
    }

    /// The digest that the registry gave for the name: an index's, or the manifest's own.
    var resolvedDigest: Digest? { namedDigest ?? manifestDigest }

    /// The digest that the registry gave for the name when that was not the manifest's own.
    var namedDigest: Digest? { annotation(Self.resolvedAnnotation).flatMap { try? Digest($0) } }

    /// The manifest's digest.
    var manifestDigest: Digest? { json["digest"]?.string.flatMap { try? Digest($0) } }
}

extension ImageReference {
    /// The complete name under which an image is kept: a tag beside a digest decides nothing and is dropped.
    var layoutName: String {
        guard let digest else { return description }
        return "\(host)/\(repository)@\(digest)"
    }
}
