/// How much is kept of what a container writes.
package struct LogConfiguration: Sendable, Codable, Hashable {
    /// False to keep nothing.
    package var isKept = true
    /// In bytes, of one file; it is about that where a line is long.
    package var maximumFileSize = 20 << 20
    /// How many files, the one being written among them; at least one.
    package var maximumFiles = 5

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let standard = LogConfiguration()
        isKept = try values.decode(.isKept, default: standard.isKept)
        maximumFileSize = try values.decode(.maximumFileSize, default: standard.maximumFileSize)
        maximumFiles = try values.decode(.maximumFiles, default: standard.maximumFiles)
    }
}
