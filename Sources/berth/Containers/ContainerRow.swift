import ImageSpec
import Sandbox

/// A container as a line of a list.
struct ContainerRow {
    /// What stands above the column of each field.
    static let headings = [
        "ID": "CONTAINER ID", "Image": "IMAGE", "Command": "COMMAND", "CreatedAt": "CREATED AT",
        "RunningFor": "CREATED",
        "Status": "STATUS", "State": "STATE", "Ports": "PORTS", "Names": "NAMES", "Labels": "LABELS",
        "Mounts": "MOUNTS",
        "Networks": "NETWORKS", "Size": "SIZE", "LocalVolumes": "LOCAL VOLUMES",
    ]

    /// In characters, as docker's.
    private static let commandLength = 20

    let container: Container
    let state: ContainerState
    /// Whether nothing is shortened.
    let isComplete: Bool
    let now: Timestamp

    var id: String { isComplete ? "\(container.id)" : container.id.short }
    var image: String { container.configuration.image }
    var names: String { container.configuration.name?.rawValue ?? "" }
    var ports: String {
        guard state.isActive, container.configuration.network.mode == .bridge else { return "" }
        return "\(PortList(state.network?.ports ?? [], exposed: container.configuration.network.exposedPorts))"
    }
    var createdSince: String { created.age(at: now) }
    private var created: Timestamp { Timestamp(nanoseconds: container.record.created) }

    var command: String {
        let arguments = container.configuration.process.arguments
        // As docker: an argument of several words is marked as one, the program's path is not.
        let words = arguments.prefix(1) + arguments.dropFirst().map { $0.contains(" ") ? "'\($0)'" : $0 }
        let text = words.joined(separator: " ")
        guard !isComplete, text.unicodeScalars.count > Self.commandLength else { return text.quotedLikeGo }
        return (String(Substring(text.unicodeScalars.prefix(Self.commandLength - 1))) + "…").quotedLikeGo
    }

    /// In docker's words.
    var status: String {
        func since(_ time: Int64?) -> String {
            String(Timestamp(nanoseconds: time ?? container.record.created).age(at: now).dropLast(" ago".count))
        }
        switch state.status {
        case .created: return "Created"
        case .running:
            let health = state.health.map { " (\($0.status == .starting ? "health: starting" : $0.status.rawValue))" }
            return "Up \(since(state.started))\(health ?? "")"
        case .paused: return "Up \(since(state.started)) (Paused)"
        case .restarting: return "Restarting (\(state.exitStatus ?? 0)) \(since(state.finished)) ago"
        case .exited: return "Exited (\(state.exitStatus ?? 0)) \(since(state.finished)) ago"
        case .removing: return "Removal In Progress"
        }
    }

    /// The fields that a `--format` may name: docker's.
    var fields: [String: JSONValue] {
        [
            "ID": .string(id), "Image": .string(image), "Command": .string(command),
            "CreatedAt": .string(created.goText), "RunningFor": .string(createdSince), "Status": .string(status),
            "State": .string(state.status.rawValue), "Ports": .string(ports), "Names": .string(names),
            "Labels": .string(
                container.configuration.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                    .joined(separator: ",")
            ),
            "Mounts": .string(""), "Networks": .string("\(container.configuration.network.mode)"),
            "Size": .string("N/A"), "LocalVolumes": .string("0"),
        ]
    }
}

extension Timestamp {
    /// - Parameter nanoseconds: since 1970.
    init(nanoseconds: Int64) {
        self.init(seconds: nanoseconds / 1_000_000_000)
    }
}
