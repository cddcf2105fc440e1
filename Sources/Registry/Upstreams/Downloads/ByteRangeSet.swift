/// Some of the bytes of something, as few ranges as there can be, in order.
struct ByteRangeSet: Sendable, Equatable {
    private(set) var ranges: [Range<Int64>] = []

    init(_ ranges: [Range<Int64>] = []) {
        for range in ranges { insert(range) }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// How many bytes are in it.
    var count: Int64 { ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } }

    /// Where the bytes end that follow `offset` without a gap; `offset` when it isn't in it.
    func end(from offset: Int64) -> Int64 {
        let index = firstIndex { $0.upperBound > offset }
        guard index < ranges.count, ranges[index].contains(offset) else { return offset }
        return ranges[index].upperBound
    }

    mutating func insert(_ new: Range<Int64>) {
        guard !new.isEmpty else { return }
        // Those that it touches become one with it.
        let first = firstIndex { $0.upperBound >= new.lowerBound }
        let last = firstIndex { $0.lowerBound > new.upperBound }
        var merged = new
        if first < last {
            merged =
                min(new.lowerBound, ranges[first].lowerBound)..<max(new.upperBound, ranges[last - 1].upperBound)
        }
        ranges.replaceSubrange(first..<last, with: [merged])
    }

    mutating func remove(_ old: Range<Int64>) {
        guard !old.isEmpty else { return }
        let first = firstIndex { $0.upperBound > old.lowerBound }
        let last = firstIndex { $0.lowerBound >= old.upperBound }
        guard first < last else { return }
        let left = ranges[first].lowerBound..<max(ranges[first].lowerBound, old.lowerBound)
        let right = min(ranges[last - 1].upperBound, old.upperBound)..<ranges[last - 1].upperBound
        ranges.replaceSubrange(first..<last, with: [left, right].filter { !$0.isEmpty })
    }

    /// The first gap at or behind `offset`, and before `end`.
    func gap(from offset: Int64, upTo end: Int64) -> Range<Int64>? {
        let start = self.end(from: offset)
        guard start < end else { return nil }
        let next = firstIndex { $0.lowerBound >= start }
        return start..<(next < ranges.count ? min(end, ranges[next].lowerBound) : end)
    }

    /// The first index whose range satisfies `isBehind`, which all behind it do, too.
    private func firstIndex(where isBehind: (Range<Int64>) -> Bool) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
