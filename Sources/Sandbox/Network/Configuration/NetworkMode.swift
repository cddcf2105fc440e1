/// Which network a container sees.
package enum NetworkMode: Sendable, Hashable {
    /// One of its own, joined to the others' by a bridge on the host; an ordinary user's is reached through a helper.
    case bridge
    /// One of its own, with nothing but a loopback interface.
    case none
    /// The host's.
    case host
    /// That of another container, which must run.
    case container(String)

    /// Parses docker's `bridge`, `none`, `host` and `container:NAME`.
    ///
    /// - Throws: ``NetworkError/invalidMode(_:)``.
    package init(_ text: String) throws(NetworkError) {
        switch text {
        case "bridge", "default": self = .bridge
        case "none": self = .none
        case "host": self = .host
        case let text where text.hasPrefix("container:") && text != "container:":
            self = .container(String(text.dropFirst("container:".count)))
        default: throw .invalidMode(text)
        }
    }
}

extension NetworkMode: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bridge: "bridge"
        case .none: "none"
        case .host: "host"
        case .container(let name): "container:\(name)"
        }
    }
}

extension NetworkMode: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
