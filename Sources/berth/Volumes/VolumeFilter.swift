import Sandbox

/// Which volumes a list shows: what `--filter` says, all of it; of several for one field, any.
///
/// - SeeAlso: docker's "docker volume ls", "Filtering".
struct VolumeFilter {
    private var names: [String] = []
    private var drivers: [String] = []
    private var labels: [(name: String, value: String?)] = []
    private var isDangling: Bool?
    private let usage: VolumeUsage

    /// - Throws: ``FilterError``.
    init(_ filters: [String], _ usage: VolumeUsage) throws(FilterError) {
        self.usage = usage
        for filter in filters {
            let parts = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw .noValue(filter) }
            switch parts[0] {
            case "name": names.append(parts[1])
            case "driver": drivers.append(parts[1])
            case "label": labels.append(ImageFilter.label(parts[1]))
            case "dangling": isDangling = try ImageFilter.flag(parts[1])
            default: throw .unknown(parts[0])
            }
        }
    }

    func matches(_ volume: Volume) -> Bool {
        (names.isEmpty || names.contains { volume.name.rawValue.contains($0) })
            && (drivers.isEmpty || drivers.contains(VolumeRow.driver))
            && labels.allSatisfy { label in
                volume.record.labels[label.name].map { label.value == nil || label.value == $0 } ?? false
            }
            && (isDangling.map { $0 == usage.users(of: volume.name).isEmpty } ?? true)
    }
}
