/// How an image wants to be run: the `config` object of an image config.
///
/// - SeeAlso: OCI image-spec, "OCI Image Configuration", `config`.
package struct ImageExecution: Sendable, Hashable {
    /// `user`, `uid`, `user:group`, `uid:gid`, …; empty for root.
    package var user = ""
    /// `NAME=value` each.
    package var environment: [String] = []
    package var entrypoint: [String] = []
    package var command: [String] = []
    /// Absolute; empty for `/`.
    package var workingDirectory = ""
    package var labels: [String: String] = [:]
    package var stopSignal: String?
    /// `port`, `port/tcp` or `port/udp` each.
    package var exposedPorts: Set<String> = []
    /// Absolute paths.
    package var volumes: Set<String> = []
    package var unknownFields: [String: JSONValue] = [:]

    package init() {}
}

extension ImageExecution: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case user = "User"
        case environment = "Env"
        case entrypoint = "Entrypoint"
        case command = "Cmd"
        case workingDirectory = "WorkingDir"
        case labels = "Labels"
        case stopSignal = "StopSignal"
        case exposedPorts = "ExposedPorts"
        case volumes = "Volumes"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        user = try container.decodeIfPresent(String.self, forKey: .user) ?? ""
        environment = try container.decodeIfPresent([String].self, forKey: .environment) ?? []
        entrypoint = try container.decodeIfPresent([String].self, forKey: .entrypoint) ?? []
        command = try container.decodeIfPresent([String].self, forKey: .command) ?? []
        workingDirectory = try container.decodeIfPresent(String.self, forKey: .workingDirectory) ?? ""
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        stopSignal = try container.decodeIfPresent(String.self, forKey: .stopSignal)
        exposedPorts = Set((try container.decodeIfPresent([String: JSONValue].self, forKey: .exposedPorts) ?? [:]).keys)
        volumes = Set((try container.decodeIfPresent([String: JSONValue].self, forKey: .volumes) ?? [:]).keys)
        unknownFields = try decoder.unknownFields(besides: CodingKeys.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !user.isEmpty { try container.encode(user, forKey: .user) }
        if !environment.isEmpty { try container.encode(environment, forKey: .environment) }
        if !entrypoint.isEmpty { try container.encode(entrypoint, forKey: .entrypoint) }
        if !command.isEmpty { try container.encode(command, forKey: .command) }
        if !workingDirectory.isEmpty { try container.encode(workingDirectory, forKey: .workingDirectory) }
        if !labels.isEmpty { try container.encode(labels, forKey: .labels) }
        try container.encodeIfPresent(stopSignal, forKey: .stopSignal)
        if !exposedPorts.isEmpty { try container.encode(Self.set(exposedPorts), forKey: .exposedPorts) }
        if !volumes.isEmpty { try container.encode(Self.set(volumes), forKey: .volumes) }
        try encoder.encode(unknownFields: unknownFields)
    }

    /// A set as Go writes one: an object of empty objects.
    private static func set(_ members: Set<String>) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: members.map { ($0, .object([:])) })
    }
}
