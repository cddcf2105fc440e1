/// Finds what somebody meant who mistyped a name.
package enum NearestName {
    /// The one of `names` that is the fewest edits away from `name`; nil when none is near.
    private static func of(_ name: String, among names: [String]) -> String? {
        let limit = max(2, name.count / 3)
        let nearest = names.map { ($0, distance(Array(name.utf8.prefix(100)), Array($0.utf8))) }.min { $0.1 < $1.1 }
        return nearest.flatMap { $0.1 <= limit ? $0.0 : nil }
    }

    /// What to tell somebody who wrote a key that isn't one of `known`.
    package static func explanation(ofUnknownKey name: String, among known: [String]) -> String {
        guard let nearest = of(name, among: known) else {
            return "unknown key '\(name)'; known are: \(known.joined(separator: ", "))"
        }
        return "unknown key '\(name)'; did you mean '\(nearest)'?"
    }

    /// How many bytes must be inserted, removed or replaced to make one of the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (i, left) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in other.enumerated() {
                let replaced = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }
}
