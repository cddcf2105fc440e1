/// What is kept of a volume beside its content: `volume.json` in its folder.
package struct VolumeRecord: Sendable, Codable, Equatable {
    static let fileName = "volume.json"

    /// Nanoseconds since 1970.
    package let created: Int64
    package var labels: [String: String] = [:]
    /// Whether nobody named it, so that it may go with its container.
    package var isAnonymous = false
    /// Whether it has been given what an image has at its place, or was found to need nothing; never undone.
    package var isPopulated = false

    init(created: Int64, labels: [String: String], isAnonymous: Bool) {
        self.created = created
        self.labels = labels
        self.isAnonymous = isAnonymous
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        created = try values.decode(.created, default: 0)
        labels = try values.decode(.labels, default: [:])
        isAnonymous = try values.decode(.isAnonymous, default: false)
        isPopulated = try values.decode(.isPopulated, default: false)
    }
}
