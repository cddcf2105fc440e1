import ImageSpec

/// One step of an image's history as a line of a list.
struct HistoryRow {
    /// What stands above the column of each field.
    static let headings = [
        "ID": "IMAGE", "CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "CreatedBy": "CREATED BY",
        "Size": "SIZE", "Comment": "COMMENT",
    ]

    /// How much is shown of what made the layer, in characters.
    private static let createdByLength = 45

    /// Nil for all but the last step: the images in between are nobody's.
    let id: Digest?
    let entry: ImageHistoryEntry
    /// In bytes.
    let bytes: Int64
    /// Whether nothing is cut short.
    let isComplete: Bool
    /// Whether times and sizes are for people.
    let isHuman: Bool
    let now: Timestamp

    /// The default table's cells.
    var cells: [String] {
        let created = isHuman ? createdSince : createdAt
        return [identifier, created, createdBy, size, entry.comment ?? ""].map(\.harmless)
    }

    /// The fields that a `--format` may name: docker's.
    var fields: [String: JSONValue] {
        [
            "ID": .string(identifier),
            "CreatedSince": .string(createdSince),
            "CreatedAt": .string(createdAt),
            "CreatedBy": .string(createdBy),
            "Size": .string(size),
            "Comment": .string(entry.comment ?? ""),
        ]
    }

    var identifier: String { id.map { isComplete ? "\($0)" : $0.short } ?? "<missing>" }

    private var created: Timestamp? { entry.created.flatMap(Timestamp.init(rfc3339:)) }
    private var createdSince: String { created?.age(at: now) ?? "N/A" }
    private var createdAt: String { created?.rfc3339 ?? "N/A" }
    private var size: String { isHuman ? humanSize(bytes) : "\(bytes)" }

    private var createdBy: String {
        let text = (entry.createdBy ?? "").replacing("\t", with: " ").replacing("\n", with: " ")
        guard !isComplete, text.count > Self.createdByLength else { return text }
        return text.prefix(Self.createdByLength - 1) + "…"
    }
}

extension HistoryRow {
    /// The rows of an image, the newest first.
    ///
    /// - Parameter layerSizes: the layers' sizes in bytes, the lowest first.
    static func rows(
        of config: ImageConfig,
        id: Digest,
        layerSizes: [Int64],
        isComplete: Bool,
        isHuman: Bool,
        now: Timestamp = .now
    ) -> [HistoryRow] {
        var sizes = layerSizes[...]
        var steps = config.history.map { ($0, $0.isEmptyLayer == true ? 0 : sizes.popFirst() ?? 0) }
        // Images without a history, or with a short one, still have layers.
        steps += sizes.map { (ImageHistoryEntry(), $0) }
        return steps.enumerated().reversed().map { position, step in
            HistoryRow(
                id: position == steps.count - 1 ? id : nil,
                entry: step.0,
                bytes: step.1,
                isComplete: isComplete,
                isHuman: isHuman,
                now: now
            )
        }
    }
}
