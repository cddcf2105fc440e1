/// Counts wrong passwords, and says who must wait before another one is looked at.
///
/// A value without a clock. An attempt counts as a failure from when it begins until it succeeds, so that many at once are
/// no way around the count; names count whether there is such an account or not.
struct Lockout {
    struct Attempt: Hashable, Sendable {
        let name: String
        /// What counts as one client.
        let address: String

        init(name: String, from address: String) {
            self.name = name
            self.address = ClientBlock.name(of: address)
        }
    }

    private struct Record {
        var failures = 0
        var time: ContinuousClock.Instant
        var end: ContinuousClock.Instant?
        /// Whether the last that came to an end was right.
        var isProven = false
    }

    private let rule: LockoutRule
    private var records: [Attempt: Record] = [:]
    private var names: [String: FailureAllowance] = [:]
    private var addresses: [String: FailureAllowance] = [:]

    init(_ rule: LockoutRule) {
        self.rule = rule
    }

    /// How long the attempt must wait; nil when it may begin.
    func wait(for attempt: Attempt, at now: ContinuousClock.Instant) -> Duration? {
        let record = records[attempt].flatMap { isForgotten($0.time, at: now) ? nil : $0 }
        if let end = record?.end, now < end { return end - now }
        if record?.isProven == true { return nil }
        return [addresses[attempt.address]?.wait(at: now), names[attempt.name]?.wait(at: now)].compactMap { $0 }.max()
    }

    /// Begins an attempt, when it needn't wait.
    ///
    /// - Returns: how long it must; nil when it has begun.
    mutating func begin(_ attempt: Attempt, at now: ContinuousClock.Instant) -> Duration? {
        if let wait = wait(for: attempt, at: now) { return wait }
        makeRoom(at: now)
        var record = records[attempt].flatMap { isForgotten($0.time, at: now) ? nil : $0 } ?? Record(time: now)
        record.failures += 1
        record.time = now
        record.end = pause(after: record.failures).map { now + $0 }
        records[attempt] = record
        let ofName = FailureAllowance(limit: rule.nameFailures, pause: rule.namePause, at: now)
        names[attempt.name, default: ofName].spend(at: now)
        let ofAddress = FailureAllowance(limit: rule.addressFailures, pause: rule.addressPause, at: now)
        addresses[attempt.address, default: ofAddress].spend(at: now)
        return nil
    }

    /// Says that an attempt was right: those before it that weren't are forgotten.
    mutating func succeed(_ attempt: Attempt, at now: ContinuousClock.Instant) {
        prove(attempt, at: now)
        names[attempt.name]?.giveBack(at: now)
        addresses[attempt.address]?.giveBack(at: now)
    }

    /// Says that the password was right of one that needed no attempt.
    mutating func prove(_ attempt: Attempt, at now: ContinuousClock.Instant) {
        records[attempt] = Record(time: now, isProven: true)
    }

    /// Says that an attempt wasn't looked at.
    mutating func withdraw(_ attempt: Attempt, at now: ContinuousClock.Instant) {
        if var record = records[attempt] {
            record.failures = max(0, record.failures - 1)
            record.end = nil
            records[attempt] = record
        }
        names[attempt.name]?.giveBack(at: now)
        addresses[attempt.address]?.giveBack(at: now)
    }

    private func pause(after failures: Int) -> Duration? {
        guard failures >= rule.freeFailures else { return nil }
        return min(rule.longestPause, .seconds(1) * (1 << min(failures - rule.freeFailures, 30)))
    }

    private func isForgotten(_ time: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> Bool {
        now - time >= rule.memory
    }

    /// Forgets what is long past, and when that isn't enough, what is longest past.
    private mutating func makeRoom(at now: ContinuousClock.Instant) {
        Self.shrink(&records, to: rule.maximumCount, keeping: now - rule.memory, \.time)
        Self.shrink(&names, to: rule.maximumCount, keeping: now - rule.memory, \.time)
        Self.shrink(&addresses, to: rule.maximumCount, keeping: now - rule.memory, \.time)
    }

    private static func shrink<Key: Hashable, Value>(
        _ table: inout [Key: Value],
        to count: Int,
        keeping oldest: ContinuousClock.Instant,
        _ time: (Value) -> ContinuousClock.Instant
    ) {
        guard table.count >= count else { return }
        table = table.filter { time($0.value) > oldest }
        guard table.count > count / 2 else { return }
        let times = table.values.map(time).sorted()
        let bound = times[times.count / 2]
        table = table.filter { time($0.value) > bound }
    }
}
