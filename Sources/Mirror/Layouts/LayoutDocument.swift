import FoundationEssentials
import ImageSpec
import SystemPackage

/// The contents of a layout's `index.json`, held as the JSON it is: what other tools wrote there stays as it was.
struct LayoutDocument: Sendable {
    /// In bytes.
    static let maximumSize = 16 << 20
    /// OCI image-spec, "Pre-Defined Annotation Keys".
    static let nameAnnotation = "org.opencontainers.image.ref.name"

    private var fields: [String: JSONValue]
    private var entries: [JSONValue]

    /// An index of nothing.
    init() {
        fields = ["schemaVersion": .integer(2), "mediaType": .string(MediaType.ociIndex.rawValue)]
        entries = []
    }

    /// - Parameter path: for messages.
    /// - Throws: ``MirrorError/invalidFile(_:reason:)``.
    init(parsing bytes: [UInt8], at path: FilePath) throws(MirrorError) {
        guard
            var fields = try? ForeignJSON.decode([String: JSONValue].self, from: bytes),
            case .array(let entries) = fields.removeValue(forKey: "manifests") ?? .array([])
        else { throw .invalidFile(path, reason: "its index.json is no index") }
        self.fields = fields
        self.entries = entries
    }

    func encoded() throws -> [UInt8] {
        var document = fields
        document["manifests"] = .array(entries)
        return try canonicalJSON(document)
    }

    /// The entries that can be read.
    var descriptors: [Descriptor] { entries.compactMap(Self.descriptor) }

    /// What a name stands for; without one, the only image.
    ///
    /// - Parameter place: for messages.
    func descriptor(of name: LayoutName?, in place: String) throws(MirrorError) -> Descriptor {
        let descriptors = descriptors
        switch name {
        case .name(let name):
            guard let found = descriptors.first(where: { $0.annotations[Self.nameAnnotation] == name }) else {
                throw .notFound("image '\(name)'", in: place)
            }
            return found
        case .digest(let digest):
            guard let found = descriptors.first(where: { $0.digest == digest }) else {
                throw .notFound("image \(digest)", in: place)
            }
            return found
        case nil:
            // Referrers are entries too, but no images of their own.
            let images = descriptors.filter { $0.artifactType == nil }
            guard let first = images.first else { throw .notFound("image", in: place) }
            guard Set(images.map(\.digest)).count == 1 else {
                throw .ambiguous(
                    place,
                    names: images.map { entry in
                        entry.annotations[Self.nameAnnotation].map { ":\($0)" } ?? "@\(entry.digest)"
                    }
                )
            }
            return first
        }
    }

    /// Which manifest a name stands for here, if any.
    func digest(named name: String) -> Digest? {
        descriptors.first { $0.annotations[Self.nameAnnotation] == name }?.digest
    }

    /// Lists a manifest, under a name that nothing else has then; one without a name only when it isn't listed yet.
    mutating func put(_ manifest: Descriptor, name: String?) throws {
        var manifest = manifest
        manifest.annotations[Self.nameAnnotation] = name
        if let name {
            entries.removeAll { Self.descriptor(of: $0)?.annotations[Self.nameAnnotation] == name }
        } else {
            guard !descriptors.contains(where: { $0.digest == manifest.digest }) else { return }
        }
        entries.append(try JSONDecoder().decode(JSONValue.self, from: Data(canonicalJSON(manifest))))
    }

    private static func descriptor(of entry: JSONValue) -> Descriptor? {
        (try? canonicalJSON(entry)).flatMap { try? JSONDecoder().decode(Descriptor.self, from: Data($0)) }
    }
}
