import ImageSpec
import ImageStore

/// What a `prune` may remove: what `--filter` says, all of it.
struct PruneFilter {
    private enum Condition {
        case until(Timestamp)
        case label(name: String, value: String?, isWanted: Bool)
    }

    private let conditions: [Condition]

    /// - Parameter filters: `until=…`, `label=…` or `label!=…` each.
    /// - Throws: ``FilterError``.
    init(_ filters: [String], now: Timestamp) throws(FilterError) {
        var conditions: [Condition] = []
        for filter in filters {
            guard let equals = filter.firstIndex(of: "=") else { throw .noValue(filter) }
            let value = String(filter[filter.index(after: equals)...])
            let (label, labelValue) = ImageFilter.label(value)
            switch filter[..<equals] {
            case "until": conditions.append(.until(try Self.time(value, now: now)))
            case "label": conditions.append(.label(name: label, value: labelValue, isWanted: true))
            case "label!": conditions.append(.label(name: label, value: labelValue, isWanted: false))
            default: throw .unknown(String(filter[..<equals]))
            }
        }
        self.conditions = conditions
    }

    func matches(_ image: LocalImage) -> Bool {
        matches(
            created: image.config.created.flatMap(Timestamp.init(rfc3339:)),
            labels: image.config.execution.labels
        )
    }

    func matches(created: Timestamp?, labels: [String: String]) -> Bool {
        conditions.allSatisfy { condition in
            switch condition {
            case .until(let time):
                return created.map { $0.seconds < time.seconds } ?? true
            case .label(let name, let value, let isWanted):
                let actual = labels[name]
                return (actual != nil && (value == nil || actual == value)) == isWanted
            }
        }
    }

    /// A time, or how long ago: `90s`, `10m`, `1h30m`.
    private static func time(_ text: String, now: Timestamp) throws(FilterError) -> Timestamp {
        if let time = Timestamp(rfc3339: text) { return time }
        if let seconds = Int64(text), seconds >= 0 { return Timestamp(seconds: seconds) }
        var seconds: Int64 = 0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = ["s": 1, "m": 60, "h": 3600, "d": 86400][String(character)] as Int64?,
                let count = Int64(digits), count < 1 << 30
            else { throw .notATime(text) }
            seconds += count * unit
            digits = ""
        }
        guard digits.isEmpty, !text.isEmpty else { throw .notATime(text) }
        return Timestamp(seconds: now.seconds - seconds)
    }
}
