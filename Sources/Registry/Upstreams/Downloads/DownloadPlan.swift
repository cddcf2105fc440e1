/// Which bytes of a blob are here, and who is to fetch which of the others.
///
/// Every byte is assigned to one connection at a time, and comes once, unless what came of it was dropped.
struct DownloadPlan: Sendable {
    /// A stretch of the blob that one connection fetches from its beginning on.
    struct Assignment: Sendable, Equatable {
        let id: Int
        /// Which of the upstream's endpoints it is fetched from.
        let source: Int
        /// The next byte that is to come.
        var position: Int64
        var end: Int64
        /// Where it stood when it began.
        let start: Int64
    }

    let size: Int64
    /// The bytes that are here.
    private(set) var present: ByteRangeSet
    /// The bytes that are here or assigned.
    private var taken: ByteRangeSet
    private(set) var assignments: [Int: Assignment] = [:]
    /// Which bytes came from which source.
    private(set) var origins: [Int: ByteRangeSet] = [:]
    private var nextID = 0

    init(size: Int64, present: ByteRangeSet = ByteRangeSet()) {
        self.size = size
        self.present = present
        taken = present
    }

    var isComplete: Bool { present.end(from: 0) >= size }

    /// Where the bytes end that are here from `offset` on.
    func available(from offset: Int64) -> Int64 { present.end(from: offset) }

    /// How many bytes are missing that nobody fetches.
    var unassignedCount: Int64 { size - taken.count }

    /// Assigns the first bytes that nobody fetches, at most `length` of them.
    ///
    /// - Returns: nil when there are none.
    mutating func assign(to source: Int, upTo length: Int64) -> Assignment? {
        guard let gap = taken.gap(from: 0, upTo: size) else { return nil }
        return assign(gap.lowerBound..<min(gap.upperBound, gap.lowerBound + max(1, length)), to: source)
    }

    /// Takes the later part of what another is to fetch, who would be at it for long.
    ///
    /// What is on the way of that part is lost, so it must be worth it.
    ///
    /// - Parameters:
    ///   - rate: how fast the taker is, in bytes a second.
    ///   - rates: how fast those are that have an assignment, by its id; those that aren't there are left alone.
    ///   - leastTime: how long the other one would be at it at least, in seconds.
    /// - Returns: nil when nobody's part is worth it.
    mutating func assignTail(
        to source: Int,
        rate: Double,
        rates: [Int: Double],
        leastTime: Double
    ) -> Assignment? {
        let slowest = assignments.values.filter { rates[$0.id] != nil }
            .map { (assignment: $0, time: remainingTime(of: $0, rates)) }
            .max { ($0.time, $1.assignment.id) < ($1.time, $0.assignment.id) }
        guard let slowest, rate > 0, slowest.time > leastTime else { return nil }
        let victim = slowest.assignment
        let rest = Double(victim.end - victim.position)
        // Both end at the same time.
        let taken = Int64(rest * rate / (rate + max(rates[victim.id] ?? rate, 1)))
        guard taken > 0 else { return nil }
        let start = victim.end - taken
        assignments[victim.id]?.end = start
        self.taken.remove(start..<victim.end)
        return assign(start..<victim.end, to: source)
    }

    private func remainingTime(of assignment: Assignment, _ rates: [Int: Double]) -> Double {
        Double(assignment.end - assignment.position) / max(rates[assignment.id] ?? 1, 1)
    }

    private mutating func assign(_ range: Range<Int64>, to source: Int) -> Assignment {
        defer { nextID += 1 }
        let assignment = Assignment(
            id: nextID,
            source: source,
            position: range.lowerBound,
            end: range.upperBound,
            start: range.lowerBound
        )
        assignments[nextID] = assignment
        taken.insert(range)
        return assignment
    }

    /// Takes note that bytes came for the assignment, as many as it has room for.
    ///
    /// A connection that brings more than was asked for, as those of servers that know no ranges do, gets the bytes behind
    /// its own, too, as long as nobody else has them.
    ///
    /// - Returns: how many of them are to be kept, from the assignment's position on; they count as here only after
    ///   ``arrived(_:count:)``.
    mutating func accept(_ id: Int, count: Int64) -> Int64 {
        guard var assignment = assignments[id] else { return 0 }
        let wanted = assignment.position + count
        if wanted > assignment.end, let gap = taken.gap(from: assignment.end, upTo: size),
            gap.lowerBound == assignment.end
        {
            let end = min(wanted, gap.upperBound)
            taken.insert(assignment.end..<end)
            assignment.end = end
            assignments[id] = assignment
        }
        return max(0, min(wanted, assignment.end) - assignment.position)
    }

    /// Takes note that bytes of the assignment are written.
    ///
    /// - Returns: whether more are to come for it.
    mutating func arrived(_ id: Int, count: Int64) -> Bool {
        guard var assignment = assignments[id] else { return false }
        let range = assignment.position..<assignment.position + count
        present.insert(range)
        taken.insert(range)
        origins[assignment.source, default: ByteRangeSet()].insert(range)
        assignment.position = range.upperBound
        assignments[id] = assignment
        return assignment.position < assignment.end
    }

    /// Ends an assignment; what didn't come of it is anybody's again.
    mutating func end(_ id: Int) {
        guard let assignment = assignments.removeValue(forKey: id) else { return }
        guard assignment.position < assignment.end else { return }
        taken.remove(assignment.position..<assignment.end)
    }
}
