/// One field of a cron expression: what it may hold, and what it does.
struct CronField: Sendable, Equatable {
    /// Which values the field may have, what they are called, and what a number behind the last means.
    struct Kind: Sendable {
        let name: String
        let range: ClosedRange<Int>
        var names: [String] = []

        static let minute = Kind(name: "minute", range: 0...59)
        static let hour = Kind(name: "hour", range: 0...23)
        static let day = Kind(name: "day of the month", range: 1...31)
        static let month = Kind(
            name: "month",
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        )
        /// 7 is Sunday too.
        static let weekday = Kind(
            name: "day of the week",
            range: 0...7,
            names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        )
    }

    /// A bit for each value.
    private var bits: UInt64 = 0
    /// Whether it begins with `*`: then of the two fields for days only the other one counts.
    let isAny: Bool

    /// Parses lists of `*`, values and ranges, each with a step or without.
    ///
    /// - Throws: ``CronError``.
    init(_ text: Substring, _ kind: Kind) throws(CronError) {
        isAny = text.hasPrefix("*")
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            var range = try Self.range(halves[0], kind)
            var step = 1
            if halves.count == 2 {
                guard let count = Int(halves[1]), (1...60).contains(count) else {
                    throw .invalidField(kind.name, String(part.prefix(50)), "a step is a number from 1 to 60")
                }
                step = count
                // `5/15` goes on to the end, as most implementations have it.
                if range.count == 1, !halves[0].contains("-") { range = range.lowerBound...kind.range.upperBound }
            }
            for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << value }
        }
        if kind.range == Kind.weekday.range, bits & (1 << 7) != 0 { bits = bits & ~(1 << 7) | 1 }
    }

    func contains(_ value: Int) -> Bool { bits & (1 << value) != 0 }

    private static func range(_ text: Substring, _ kind: Kind) throws(CronError) -> ClosedRange<Int> {
        if text == "*" { return kind.range.upperBound == 7 ? 0...6 : kind.range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0], kind)
        guard ends.count == 2 else { return first...first }
        let last = try value(ends[1], kind)
        guard first <= last else {
            throw .invalidField(kind.name, String(text.prefix(50)), "a range begins with the lower value")
        }
        return first...last
    }

    private static func value(_ text: Substring, _ kind: Kind) throws(CronError) -> Int {
        if let index = kind.names.firstIndex(of: text.lowercased()) {
            return index + (kind.range.lowerBound == 1 ? 1 : 0)
        }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), kind.range.contains(value) else {
            let names = kind.names.isEmpty ? "" : ", or a name such as \(kind.names[0])"
            throw .invalidField(
                kind.name,
                String(text.prefix(50)),
                "it should be a number from \(kind.range.lowerBound) to \(kind.range.upperBound)\(names)"
            )
        }
        return value
    }
}
