import ImageSpec
import Sandbox

/// A volume as a line of a list.
struct VolumeRow {
    static let driver = "local"
    /// What stands above the column of each field.
    static let headings = [
        "Driver": "DRIVER", "Name": "VOLUME NAME", "Mountpoint": "MOUNTPOINT", "Labels": "LABELS", "Scope": "SCOPE",
        "Links": "LINKS", "Size": "SIZE",
    ]

    let volume: Volume

    init(_ volume: Volume) {
        self.volume = volume
    }

    var name: String { "\(volume.name)" }

    /// The fields that a `--format` may name: docker's.
    var fields: [String: JSONValue] {
        let labels = volume.record.labels.map { "\($0)=\($1)" }.sorted().joined(separator: ",")
        return [
            "Driver": .string(Self.driver), "Name": .string(name), "Mountpoint": .string(volume.folder.string),
            "Labels": .string(labels), "Scope": .string("local"), "Links": .string("N/A"), "Size": .string("N/A"),
        ]
    }

    /// In the form of docker's `volume inspect`.
    var json: JSONValue {
        .object([
            "CreatedAt": .string(Timestamp(nanoseconds: volume.record.created).rfc3339),
            "Driver": .string(Self.driver),
            "Labels": .object(volume.record.labels.mapValues(JSONValue.string)),
            "Mountpoint": .string(volume.folder.string),
            "Name": .string(name),
            "Options": .null,
            "Scope": .string("local"),
        ])
    }
}
