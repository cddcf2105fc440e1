import ImageSpec
import ImageStore

/// An image as a line of a list.
struct ImageRow {
    /// What stands above the column of each field.
    static let headings = [
        "Repository": "REPOSITORY", "Tag": "TAG", "Digest": "DIGEST", "ID": "IMAGE ID", "CreatedSince": "CREATED",
        "CreatedAt": "CREATED AT", "Size": "SIZE", "Containers": "CONTAINERS", "SharedSize": "SHARED SIZE",
        "UniqueSize": "UNIQUE SIZE",
    ]

    private static let none = "<none>"

    let image: ImageSummary
    let store: ImageStore
    /// Whether IDs are shown in full.
    let isComplete: Bool
    let now: Timestamp

    var repository: String { image.reference.map(store.shownRepository) ?? Self.none }
    var tag: String { image.reference?.tag?.rawValue ?? Self.none }
    var digest: String { image.registryDigest.map { "\($0)" } ?? Self.none }
    var id: String { isComplete ? "\(image.id)" : image.id.short }
    var createdSince: String { created?.age(at: now) ?? "N/A" }
    var size: String { humanSize(image.size) }

    private var created: Timestamp? { image.created.flatMap(Timestamp.init(rfc3339:)) }

    /// The fields that a `--format` may name: docker's.
    var fields: [String: JSONValue] {
        [
            "Repository": .string(repository),
            "Tag": .string(tag),
            "Digest": .string(digest),
            "ID": .string(id),
            "CreatedSince": .string(createdSince),
            "CreatedAt": .string(created?.goText ?? "N/A"),
            "Size": .string(size),
            "Containers": .string("N/A"),
            "SharedSize": .string("N/A"),
            "UniqueSize": .string("N/A"),
        ]
    }
}
