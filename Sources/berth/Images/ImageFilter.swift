import Glibc
import ImageSpec
import ImageStore

/// Which images a list shows: what `--filter` says, all of it.
///
/// - SeeAlso: docker's "docker image ls", "Filtering".
struct ImageFilter {
    private enum Condition {
        case dangling(Bool)
        /// Shell patterns, one of which must match.
        case reference([String])
        case before(Timestamp)
        case since(Timestamp)
        case label(name: String, value: String?)
    }

    private let conditions: [Condition]
    private let store: ImageStore

    /// - Parameter filters: `dangling=…`, `reference=…`, `before=…`, `since=…` or `label=…` each.
    /// - Throws: ``FilterError``; ``ImageStoreError`` for images that aren't here.
    init(_ filters: [String], in store: ImageStore) throws {
        self.store = store
        var conditions: [Condition] = []
        var patterns: [String] = []
        for filter in filters {
            let parts = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw FilterError.noValue(filter) }
            switch parts[0] {
            case "reference": patterns.append(parts[1])
            case "dangling": conditions.append(.dangling(try Self.flag(parts[1])))
            case "before": conditions.append(.before(try Self.created(store.image(matching: parts[1]))))
            case "since": conditions.append(.since(try Self.created(store.image(matching: parts[1]))))
            case "label": conditions.append(Self.label(parts[1]))
            default: throw FilterError.unknown(parts[0])
            }
        }
        if !patterns.isEmpty { conditions.append(.reference(patterns)) }
        self.conditions = conditions
    }

    func matches(_ image: ImageSummary) throws -> Bool {
        for condition in conditions {
            guard try matches(image, condition) else { return false }
        }
        return true
    }

    private func matches(_ image: ImageSummary, _ condition: Condition) throws -> Bool {
        switch condition {
        case .dangling(let isWanted):
            return (image.reference == nil) == isWanted
        case .reference(let patterns):
            guard let reference = image.reference else { return false }
            return patterns.contains { matches(reference, $0) }
        case .before(let time):
            return image.created.flatMap(Timestamp.init(rfc3339:)).map { $0.seconds < time.seconds } ?? true
        case .since(let time):
            return image.created.flatMap(Timestamp.init(rfc3339:)).map { $0.seconds > time.seconds } ?? false
        case .label(let name, let value):
            // The one thing that isn't in the index.
            let labels = try ImageConfig(parsing: store.layout.document(image.id)).execution.labels
            guard let actual = labels[name] else { return false }
            return value == nil || actual == value
        }
    }

    /// As docker: the whole name as it is shown, or the name without its tag.
    private func matches(_ reference: ImageReference, _ pattern: String) -> Bool {
        [store.shownName(of: reference), store.shownRepository(of: reference)].contains { (name: String) in
            fnmatch(pattern, name, FNM_PATHNAME) == 0
        }
    }

    static func label(_ text: String) -> (name: String, value: String?) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count == 2 ? parts[1] : nil)
    }

    private static func label(_ text: String) -> Condition {
        let (name, value) = label(text)
        return .label(name: name, value: value)
    }

    static func flag(_ text: String) throws(FilterError) -> Bool {
        switch text.lowercased() {
        case "true", "1", "t": true
        case "false", "0", "f": false
        default: throw .notAFlag(text)
        }
    }

    private static func created(_ image: LocalImage) -> Timestamp {
        image.config.created.flatMap(Timestamp.init(rfc3339:)) ?? Timestamp(seconds: 0)
    }
}
