import Access

/// Makes two of many entries of the audit that say the same within a while: the first, and how many followed.
///
/// So neither who guesses passwords nor a robot that logs in for every request can fill the audit.
struct RepeatedEntries {
    /// What makes two entries say the same.
    private struct Key: Hashable {
        let actor: AuditActor
        let action: AuditAction
        let result: AuditResult
        let repository: String?
        let clientAddress: String?
        let detail: String?

        init(_ entry: AuditEntry) {
            actor = entry.actor
            action = entry.action
            result = entry.result
            repository = entry.repository?.rawValue
            clientAddress = entry.clientAddress
            detail = entry.detail
        }
    }

    /// An entry that was kept, and how often it came again since.
    private struct Run {
        var last: AuditEntry
        var repeats = 0
        /// In milliseconds since 1970.
        let endsAt: Int64
    }

    /// In milliseconds: who logs in well does so all the time.
    private static let successTime: Int64 = 600_000
    private static let refusalTime: Int64 = 60_000

    private let maximumCount: Int
    private var runs: [Key: Run] = [:]

    init(maximumCount: Int = 4096) {
        self.maximumCount = maximumCount
    }

    enum Verdict: Equatable {
        /// It is the first of its kind: to be kept.
        case first
        /// It will be told of by ``finish(at:)``.
        case counted
        /// There are as many kinds already as are told apart.
        case dropped
    }

    mutating func note(_ entry: AuditEntry) -> Verdict {
        let key = Key(entry)
        if runs[key] != nil {
            runs[key]?.repeats += 1
            runs[key]?.last = entry
            return .counted
        }
        guard runs.count < maximumCount else { return .dropped }
        let time = entry.result == .succeeded ? Self.successTime : Self.refusalTime
        runs[key] = Run(last: entry, endsAt: entry.time + time)
        return .first
    }

    /// Ends what began long enough before `time`; all when that is nil.
    ///
    /// - Returns: an entry for each that was repeated: the last one, saying how many there were since the first.
    mutating func finish(at time: Int64?) -> [AuditEntry] {
        let ended = runs.filter { run in time.map { run.value.endsAt <= $0 } ?? true }
        for key in ended.keys { runs[key] = nil }
        let repeated = ended.values.filter { $0.repeats > 0 }.sorted { $0.last.time < $1.last.time }
        return repeated.map { run in
            var entry = run.last
            let count = run.repeats == 1 ? "once more" : "\(run.repeats) times more"
            entry.detail = entry.detail.map { "\($0); \(count)" } ?? count
            return entry
        }
    }
}
