import FoundationEssentials
import ImageSpec

/// One entry of a layout's `index.json`: a manifest, and most often its name.
struct LayoutEntry: Sendable, Equatable {
    /// OCI image-spec, "Pre-Defined Annotation Keys".
    static let nameAnnotation = "org.opencontainers.image.ref.name"
    /// The digest of what the registry named by the reference when that was an index: the entry itself is the
    /// manifest of this host's platform.
    static let resolvedAnnotation = "dev.berth.image.resolved"

    /// The entry as it stands in the file.
    let json: JSONValue
    /// What it says, when Berth can read it.
    let descriptor: Descriptor?

    init(json: JSONValue) {
        self.json = json
        descriptor = (try? canonicalJSON(json)).flatMap { bytes in
            try? JSONDecoder().decode(Descriptor.self, from: Data(bytes))
        }
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
        json = try JSONDecoder().decode(JSONValue.self, from: Data(canonicalJSON(descriptor)))
        self.descriptor = descriptor
    }

    var name: String? { descriptor?.annotations[Self.nameAnnotation] }

    /// The name as a reference; nil for names that other tools gave in forms of their own.
    var reference: ImageReference? {
        guard let name, let reference = try? ImageReference(name), reference.layoutName == name else { return nil }
        return reference
    }

    /// The digest that the registry gave for the name: an index's, or the manifest's own.
    var resolvedDigest: Digest? {
        let resolved = descriptor?.annotations[Self.resolvedAnnotation].flatMap { try? Digest($0) }
        return resolved ?? descriptor?.digest
    }
}

extension ImageReference {
    /// The complete name under which an image is kept: a tag beside a digest decides nothing and is dropped.
    var layoutName: String {
        guard let digest else { return description }
        return "\(host)/\(repository)@\(digest)"
    }
}
