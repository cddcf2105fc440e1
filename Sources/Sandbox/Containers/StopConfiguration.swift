import Glibc

/// How a container is asked to end.
package struct StopConfiguration: Sendable, Codable, Hashable {
    package var signal = SIGTERM
    /// In seconds, before it is killed; negative for never.
    package var timeout = 10

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        signal = try values.decode(.signal, default: SIGTERM)
        timeout = try values.decode(.timeout, default: 10)
    }
}
