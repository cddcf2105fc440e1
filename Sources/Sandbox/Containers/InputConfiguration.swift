/// Whether anybody may type to a container's first process.
package struct InputConfiguration: Sendable, Codable, Hashable {
    /// Whether its standard input is open, attached or not; else it reads /dev/null.
    package var isOpen = false
    /// Whether its input ends when that of the client that started it does.
    package var endsWithClient = false

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isOpen = try values.decode(.isOpen, default: false)
        endsWithClient = try values.decode(.endsWithClient, default: false)
    }
}
