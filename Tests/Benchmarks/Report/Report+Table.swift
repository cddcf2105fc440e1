extension Report {
    /// The medians side by side, with the ratios to ours and what became of the goals.
    var table: String {
        let contestants = Contestant.allCases.filter { contestant in
            rows.contains { $0.medians[contestant] != nil } || failures.contains { $0.contestant == contestant }
        }
        let others = contestants.filter { !$0.isOurs }
        let head = ["work", "unit"] + contestants.map(\.rawValue) + others.map { "÷ \($0.rawValue)" } + ["goal"]
        let lines = rows.map { row in
            [row.title, row.unit]
                + contestants.map { cell(row, $0) }
                + others.map { row.ratios[$0].map { decimal($0, places: 2) } ?? "" }
                + [row.goals.map(Self.text).joined(separator: ", ")]
        }
        return Self.aligned([head] + lines) + failureLines
    }

    private func cell(_ row: Row, _ contestant: Contestant) -> String {
        if let median = row.medians[contestant] { return rounded(median) }
        return failures.contains { $0.benchmark == row.benchmark && $0.contestant == contestant } ? "failed" : ""
    }

    private static func text(_ outcome: Outcome) -> String {
        let sign = outcome.met.map { $0 ? "✓" : "✗" } ?? "?"
        return "\(sign) \(outcome.goal)"
    }

    private var failureLines: String {
        failures.map { "\($0.benchmark), \($0.contestant.rawValue), round \($0.round): \($0.error)\n" }.joined()
    }

    /// The first two columns and the last begin at the left, numbers end at the right.
    private static func aligned(_ lines: [[String]]) -> String {
        let last = (lines.first?.count ?? 1) - 1
        let widths = (0...last).map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == last ? text : column < 2 ? text + padding : padding + text
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
