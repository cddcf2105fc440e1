import ImageSpec

/// The lines of a transfer on a terminal: what is done scrolls up and away, what is under way stands below it and is
/// drawn again in place.
///
/// It only says what to write; it never reads the terminal, so it counts the rows that its lines take itself, also
/// after the terminal has become narrower and has broken them.
struct ProgressScreen: Sendable {
    private var rows: [Row] = []
    private var finished: [String] = []
    /// How many columns each line had that stands on the terminal now.
    private var drawn: [Int] = []

    private struct Row {
        var report: LayerReport
        var meter = TransferMeter()
    }

    mutating func show(_ report: LayerReport, at now: ContinuousClock.Instant) {
        let index = rows.firstIndex { $0.report.layer == report.layer }
        if report.status.isLast {
            if let index { rows.remove(at: index) }
            return finished.append("\(report.layer.short): \(report.status.rawValue)")
        }
        if let index {
            rows[index].report = report
        } else {
            rows.append(Row(report: report))
        }
        if report.status.isRepeated { rows[index ?? rows.count - 1].meter.record(report.current, at: now) }
    }

    /// A line that stays.
    mutating func note(_ line: String) {
        finished.append(line)
    }

    /// What to write so that the terminal shows how things are.
    mutating func frame(columns: Int, rows height: Int, at now: ContinuousClock.Instant) -> String {
        let columns = max(columns, 2)
        let standing = drawn.map { max(1, ($0 + columns - 1) / columns) }.reduce(0, +)
        var text = standing > 0 ? "\u{1b}[\(standing)A\r\u{1b}[J" : ""
        for line in finished { text += line + "\n" }
        finished = []
        // A line that is as wide as the terminal would be broken by some; and no more lines than it has.
        var lines = rows.prefix(max(1, height - 2)).map { Self.line(of: $0, columns: columns - 1, at: now) }
        if rows.count > lines.count {
            lines[lines.count - 1] = String("and \(rows.count - lines.count + 1) more".prefix(columns - 1))
        }
        for line in lines { text += line + "\n" }
        drawn = lines.map(\.count)
        return text
    }

    private static func line(of row: Row, columns: Int, at now: ContinuousClock.Instant) -> String {
        let report = row.report
        var line = "\(report.layer.short): \(report.status.rawValue)"
        guard report.status.isRepeated else { return String(line.prefix(columns)) }
        var numbers = "\(humanSize(report.current))/\(humanSize(report.total))"
        if let rate = row.meter.rate(at: now) { numbers += "  \(humanSize(Int64(rate)))/s" }
        if let left = row.meter.timeLeft(to: report.total, at: now) { numbers += "  \(words(for: left))" }
        let room = columns - line.count - numbers.count - 6
        if room >= 10 { line += "  [\(bar(report, width: min(room, 40)))]" }
        return String((line + "  " + numbers).prefix(columns))
    }

    private static func bar(_ report: LayerReport, width: Int) -> String {
        let share = report.total > 0 ? min(1, Double(report.current) / Double(report.total)) : 0
        let full = Int(share * Double(width))
        let head = full < width ? ">" : ""
        return String(repeating: "=", count: full) + head + String(repeating: " ", count: width - full - head.count)
    }

    private static func words(for duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded(.up))
        guard seconds >= 60 else { return "\(seconds)s" }
        guard seconds >= 3600 else { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3600)h\(seconds % 3600 / 60)m"
    }
}
