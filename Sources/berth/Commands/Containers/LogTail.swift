import Sandbox

/// The last lines of a log, of which there may be more than memory has room for.
struct LogTail {
    /// How many more are held before the oldest are let go.
    private static let slack = 10_000

    /// Nil for all, which aren't held.
    let limit: Int?
    private var held: [LogLine] = []

    init(limit: Int?) {
        self.limit = limit
    }

    mutating func append(_ more: [LogLine]) {
        guard let limit else { return }
        held += more
        if held.count > limit + Self.slack { held.removeFirst(held.count - Self.firstKept(held, limit)) }
    }

    var lines: ArraySlice<LogLine> {
        guard let limit else { return [] }
        return held[(held.count - Self.firstKept(held, limit))...]
    }

    /// How many of the last parts make up `limit` lines: the parts of a line count as one.
    private static func firstKept(_ lines: [LogLine], _ limit: Int) -> Int {
        var (ends, kept) = (0, 0)
        for (index, line) in lines.enumerated().reversed() {
            // The last part of a line that isn't whole yet ends one, too.
            if line.isWhole || index == lines.count - 1 { ends += 1 }
            if ends > limit { break }
            kept += 1
        }
        return kept
    }
}
