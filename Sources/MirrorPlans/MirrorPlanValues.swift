import ConfigurationText
import ImageSpec
import Mirror
import Yams

/// Reads the values of a plan's keys.
enum MirrorPlanValues {
    /// Of a registry.
    static let limits: [MirrorPlanKey<TrafficLimits>] = [
        MirrorPlanKey("bytes_per_second", \.bytesPerSecond, "a size above 0, as 20MB") { node in
            size(node).map { .some($0) }
        },
        MirrorPlanKey("requests_per_second", \.requestsPerSecond, "a number above 0, as 5 or 0.5") { node in
            node.float.flatMap { $0 >= 0.001 && $0 <= 1_000_000 ? .some($0) : nil }
        },
        MirrorPlanKey("reserve", \.reserve, "a number of pulls, as 10") { $0.int.flatMap { $0 >= 0 ? $0 : nil } },
        MirrorPlanKey("when_used_up", \.exhaustion, names(TrafficLimits.Exhaustion.self)) { node in
            node.scalar.flatMap { TrafficLimits.Exhaustion(rawValue: $0.string) }
        },
    ]

    /// Of a source's tags.
    static let tags: [MirrorPlanKey<TagFilter>] = [
        MirrorPlanKey("include") { node, filter in filter.include += try globs(node, "include") },
        MirrorPlanKey("regex") { node, filter in filter.include += try expressions(node, "regex") },
        MirrorPlanKey("semver") { node, filter in
            guard let ranges = strings(node) else {
                throw ConfigurationErrors("'semver' should be a range of versions, as '>=1.2 <2'")
            }
            filter.include += try ranges.map { .versions(try VersionRange($0)) }
        },
        MirrorPlanKey("exclude") { node, filter in filter.exclude += try globs(node, "exclude") },
        MirrorPlanKey("exclude_regex") { node, filter in filter.exclude += try expressions(node, "exclude_regex") },
        MirrorPlanKey("prereleases", \.prereleases, "true or false", \.bool),
        MirrorPlanKey("newest", \.newest, "a number from 1 on") { node in
            node.int.flatMap { $0 >= 1 ? .some($0) : nil }
        },
        MirrorPlanKey("newest_by", \.order, names(TagFilter.Order.self)) { node in
            node.scalar.flatMap { TagFilter.Order(rawValue: $0.string) }
        },
    ]

    /// A list of globs, or a mapping.
    static func filter(_ node: Node) throws -> TagFilter? {
        var filter = TagFilter()
        guard let mapping = node.mapping else {
            guard strings(node) != nil else { return nil }
            filter.include = try globs(node, "tags")
            return filter
        }
        var messages: [String] = []
        for (name, value) in mapping {
            guard let key = tags.first(where: { $0.name == name.string }) else {
                messages.append(
                    NearestName.explanation(ofUnknownKey: name.string ?? "?", among: tags.map(\.name))
                )
                continue
            }
            do {
                try key.set(value, &filter)
            } catch {
                messages.append("\(error)")
            }
        }
        guard messages.isEmpty else { throw ConfigurationErrors(messages) }
        return filter
    }

    /// `all`, or a list; an empty one can't be meant.
    static func platforms(_ node: Node) throws -> [Platform]? {
        if node.scalar?.string == "all" { return [] }
        guard let names = strings(node), !names.isEmpty else { return nil }
        return try names.map { try Platform($0) }
    }

    static func destinations(_ node: Node) throws -> [DestinationTemplate]? {
        guard let texts = strings(node), !texts.isEmpty else { return nil }
        return try texts.map { try DestinationTemplate($0) }
    }

    /// A text, or a list of them.
    static func strings(_ node: Node) -> [String]? {
        if let scalar = node.scalar { return scalar.string.isEmpty ? nil : [scalar.string] }
        guard let sequence = node.sequence else { return nil }
        let texts = sequence.compactMap(\.scalar?.string)
        return texts.count == sequence.count ? texts : nil
    }

    static func names<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> String
    where Value.RawValue == String {
        type.allCases.map(\.rawValue).joined(separator: " or ")
    }

    private static func globs(_ node: Node, _ key: String) throws -> [TagPattern] {
        guard let texts = strings(node) else {
            throw ConfigurationErrors("'\(key)' should be tags or patterns of them, as [latest, '1.*']")
        }
        return texts.map { .glob(GlobPattern($0)) }
    }

    private static func expressions(_ node: Node, _ key: String) throws -> [TagPattern] {
        guard let texts = strings(node) else {
            throw ConfigurationErrors("'\(key)' should be regular expressions, as ['\\d+\\.\\d+']")
        }
        return try texts.map { .regex(try TagExpression($0)) }
    }

    /// Such as `500kB` or `20MB`.
    private static func size(_ node: Node) -> Int? {
        guard let text = node.scalar?.string.lowercased() else { return nil }
        let digits = text.prefix { $0.isNumber }
        let units = ["": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000]
        guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
        return bytes > 0 && !overflow ? bytes : nil
    }
}
