/// Reads what stands between the `||` of a version range.
enum VersionRangeParser {
    private typealias Bound = VersionRange.Bound

    /// A version of which numbers at the end may be missing, or be `x` or `*`.
    private struct Partial {
        let numbers: [UInt64]
        let version: SemanticVersion?

        init?(_ text: Substring) {
            var numberless = text
            if numberless.first == "v" || numberless.first == "V" { numberless = numberless.dropFirst() }
            let parts = numberless.split(separator: ".", omittingEmptySubsequences: false)
            guard let open = parts.firstIndex(where: { ["x", "X", "*"].contains($0) }) else {
                guard let version = SemanticVersion(text) else { return nil }
                numbers = Array([version.major, version.minor, version.patch].prefix(version.precision))
                // `1.2-rc` has no patch to be a prerelease of.
                guard version.precision == 3 || !version.isPrerelease else { return nil }
                self.version = version.precision == 3 ? version : nil
                return
            }
            guard parts.count <= 3, parts[open...].allSatisfy({ ["x", "X", "*"].contains($0) }) else { return nil }
            let known = parts[..<open].map { UInt64($0) }
            guard known.allSatisfy({ $0 != nil }) else { return nil }
            numbers = known.compactMap(\.self)
            version = nil
        }

        /// The first version that it may stand for.
        var first: SemanticVersion {
            version
                ?? SemanticVersion(
                    numbers.first ?? 0,
                    numbers.count > 1 ? numbers[1] : 0,
                    prerelease: SemanticVersion.lowest
                )
        }

        /// The first version behind all that have the same numbers up to this one; nil when a number is too large.
        func end(keeping count: Int) -> SemanticVersion? {
            let padded = numbers + [UInt64](repeating: 0, count: 3 - numbers.count)
            let (next, overflow) = padded[count - 1].addingReportingOverflow(1)
            guard !overflow else { return nil }
            var kept = Array(padded[..<(count - 1)]) + [next]
            kept += [UInt64](repeating: 0, count: 3 - kept.count)
            return SemanticVersion(kept[0], kept[1], kept[2], prerelease: SemanticVersion.lowest)
        }
    }

    private static let operators = [">=", "<=", ">", "<", "=", "^", "~"]

    /// Nil for what can't be read.
    static func bounds(_ text: Substring) -> [VersionRange.Bound]? {
        let words = words(of: text)
        guard !words.isEmpty else { return nil }
        if words.count == 3, words[1] == "-" {
            guard let low = Partial(words[0]), let high = Partial(words[2]), let lower = upTo(">=", low),
                let upper = upTo("<=", high)
            else { return nil }
            return lower + upper
        }
        var bounds: [Bound] = []
        for word in words {
            let sign = operators.first { word.hasPrefix($0) } ?? ""
            guard let partial = Partial(word.dropFirst(sign.count)), let new = upTo(sign, partial) else { return nil }
            bounds += new
        }
        return bounds
    }

    /// Blanks may stand behind an operator; commas count as blanks.
    private static func words(of text: Substring) -> [Substring] {
        var words: [Substring] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }) {
            if let last = words.last, operators.contains(String(last)) {
                words[words.count - 1] = last + word
            } else {
                words.append(word)
            }
        }
        return words
    }

    private static func upTo(_ sign: String, _ partial: Partial) -> [Bound]? {
        let count = partial.numbers.count
        guard count > 0 else { return ["", "=", ">=", "<=", "^", "~"].contains(sign) ? [] : nil }
        let isWhole = partial.version != nil
        switch sign {
        case ">=":
            return [Bound(kind: .atLeast, version: partial.first)]
        case ">":
            if isWhole { return [Bound(kind: .above, version: partial.first)] }
            return partial.end(keeping: count).map { [Bound(kind: .atLeast, version: $0)] }
        case "<":
            return [Bound(kind: .below, version: partial.first)]
        case "<=":
            if isWhole { return [Bound(kind: .atMost, version: partial.first)] }
            return partial.end(keeping: count).map { [Bound(kind: .below, version: $0)] }
        case "^":
            // The first number that isn't zero stays, or the last that is written.
            return between(partial, keeping: (partial.numbers.firstIndex { $0 != 0 } ?? count - 1) + 1)
        case "~":
            return between(partial, keeping: min(count, 2))
        default:
            if isWhole {
                return [
                    Bound(kind: .atLeast, version: partial.first), Bound(kind: .atMost, version: partial.first),
                ]
            }
            return between(partial, keeping: count)
        }
    }

    private static func between(_ partial: Partial, keeping count: Int) -> [Bound]? {
        partial.end(keeping: count).map {
            [Bound(kind: .atLeast, version: partial.first), Bound(kind: .below, version: $0)]
        }
    }
}
