import ImageSpec

/// The contents of a layout's `index.json`: the images in it, by name.
///
/// Held as the JSON it is. What Berth doesn't understand, fields and whole entries, was written by other tools
/// and is written back as it was.
///
/// - SeeAlso: OCI image-spec, "Image Layout", `index.json`.
struct LayoutIndex: Sendable {
    private var document: [String: JSONValue]
    var entries: [LayoutEntry]

    /// An index of nothing.
    init() {
        document = ["schemaVersion": .integer(2), "mediaType": .string(MediaType.ociIndex.rawValue)]
        entries = []
    }

    /// - Throws: ``ImageSpecError``.
    init(parsing bytes: [UInt8]) throws(ImageSpecError) {
        guard case .object(let members) = try JSONValue(parsing: bytes) else {
            throw .invalidManifest(reason: "it is not an object")
        }
        document = members
        guard case .array(let manifests) = document.removeValue(forKey: "manifests") ?? .array([]) else {
            throw .invalidManifest(reason: "'manifests' is not an array")
        }
        entries = manifests.map(LayoutEntry.init(json:))
    }

    /// The bytes of `index.json`.
    func encoded() -> [UInt8] {
        var document = document
        document["manifests"] = .array(entries.map(\.json))
        return JSONValue.object(document).compactText
    }

    /// The entry whose name is exactly `name`.
    func entry(named name: String) -> LayoutEntry? {
        entries.first { $0.name == name }
    }

    mutating func append(_ entry: LayoutEntry) {
        entries.append(entry)
    }

    mutating func removeEntries(where isUnwanted: (LayoutEntry) -> Bool) {
        entries.removeAll(where: isUnwanted)
    }
}
