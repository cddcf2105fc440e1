import Sandbox

/// Which containers a list shows: what `--filter` says, all of it; of several for one field, any.
///
/// - SeeAlso: docker's "docker ps", "Filtering".
struct ContainerFilter {
    private enum Condition {
        case label(name: String, value: String?)
        case created(before: Int64?, since: Int64?)
    }

    private var identifiers: [String] = []
    private var names: [(String) -> Bool] = []
    private var statuses: [ContainerState.Status] = []
    private var volumes: [String] = []
    private var networks: [String] = []
    private var healths: [String] = []
    private var exitStatuses: [Int32] = []
    private var ancestors: [String] = []
    private var conditions: [Condition] = []

    /// Whether containers that don't run are asked for by what only they have.
    var wantsAll: Bool { !statuses.isEmpty || !exitStatuses.isEmpty }

    /// - Throws: ``FilterError``; ``SandboxError`` for containers that aren't here.
    init(_ filters: [String], in store: ContainerStore) throws {
        for filter in filters {
            let parts = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw FilterError.noValue(filter) }
            switch parts[0] {
            case "id": identifiers.append(parts[1])
            case "name": names.append(Self.matcher(parts[1]))
            case "status":
                guard let status = ContainerState.Status(rawValue: parts[1]) else {
                    throw FilterError.noStatus(parts[1])
                }
                statuses.append(status)
            case "volume": volumes.append(parts[1])
            case "network": networks.append(parts[1])
            case "health": healths.append(parts[1])
            case "ancestor": ancestors.append(parts[1])
            case "exited":
                guard let status = Int32(parts[1]) else { throw FilterError.noValue(filter) }
                exitStatuses.append(status)
            case "label":
                let pair = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                conditions.append(.label(name: String(pair[0]), value: pair.count == 2 ? String(pair[1]) : nil))
            case "before":
                conditions.append(.created(before: try store.find(parts[1]).record.created, since: nil))
            case "since":
                conditions.append(.created(before: nil, since: try store.find(parts[1]).record.created))
            default: throw FilterError.unknown(parts[0])
            }
        }
    }

    func matches(_ container: Container, _ state: ContainerState) -> Bool {
        func any<Value>(_ wanted: [Value], _ matches: (Value) -> Bool) -> Bool {
            wanted.isEmpty || wanted.contains(where: matches)
        }
        let configuration = container.configuration
        return any(identifiers) { container.id.rawValue.hasPrefix($0) }
            && any(names) { matches in configuration.name.map { matches($0.rawValue) } ?? false }
            && any(statuses) { state.status == $0 }
            && any(volumes) { wanted in configuration.mounts.mounts.contains { Self.isVolume($0, wanted) } }
            && any(networks) { "\(configuration.network.mode)" == $0 }
            && any(healths) { (state.health?.status.rawValue ?? "none") == $0 }
            && any(exitStatuses) { state.status == .exited && state.exitStatus == $0 }
            && any(ancestors) { isAncestor($0, of: configuration) }
            && conditions.allSatisfy { matches(container, $0) }
    }

    /// Docker takes a regular expression, and names with and without a slash before them.
    private static func matcher(_ text: String) -> (String) -> Bool {
        guard let expression = try? Regex(text) else { return { $0.contains(text) } }
        return { $0.contains(expression) || "/\($0)".contains(expression) }
    }

    /// A volume's name, where something is mounted, or what is mounted there.
    private static func isVolume(_ mount: Mount, _ text: String) -> Bool {
        switch mount.source {
        case .volume(let name, _): "\(name)" == text || mount.target == text
        case .bind(let path): path == text || mount.target == text
        case .memory: mount.target == text
        }
    }

    private func isAncestor(_ text: String, of configuration: ContainerConfiguration) -> Bool {
        configuration.image == text || configuration.image == "\(text):latest" || configuration.imageID == text
            || configuration.imageID.trimmingPrefix("sha256:").hasPrefix(text)
    }

    private func matches(_ container: Container, _ condition: Condition) -> Bool {
        switch condition {
        case .label(let name, let value):
            guard let actual = container.configuration.labels[name] else { return false }
            return value == nil || value == actual
        case .created(let before, let since):
            return container.record.created < before ?? .max && container.record.created > since ?? .min
        }
    }
}
