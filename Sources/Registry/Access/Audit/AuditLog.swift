import Access
import Instruments
import Storage
import Synchronization

/// Keeps the audit.
///
/// A change to a repository is kept by the store, in the change's own transaction; what else must not be lost is kept by
/// ``append(_:)`` before its answer. The rest is kept a moment later: nobody waits for it, and when too much of it comes,
/// what is too much is counted instead.
package final class AuditLog: Sendable {
    private struct State {
        var waiting: [AuditEntry] = []
        var repeated = RepeatedEntries()
    }

    /// How many entries may wait to be kept.
    private static let maximumLength = 10_000
    /// Of one transaction: others have their turn between.
    private static let batchLength = 500

    private let metadata: any AuditMetadata
    // The state is what requests add to and ``flush(endingRepeats:)`` takes from.
    private let state = Mutex(State())
    private let keepsPulls: Atomic<Bool>
    /// How many entries were kept, other than with a change.
    package let kept = Counter()
    /// How many found no room.
    package let dropped = Counter()

    /// - Parameter keepsPulls: whether it is kept who pulled what.
    package init(_ metadata: any AuditMetadata, keepsPulls: Bool) {
        self.metadata = metadata
        self.keepsPulls = Atomic(keepsPulls)
    }

    package func setKeepsPulls(_ keepsPulls: Bool) {
        self.keepsPulls.store(keepsPulls, ordering: .relaxed)
    }

    /// Keeps an entry; it is durable when this returns.
    package func append(_ entry: AuditEntry) async throws {
        try await metadata.appendAudit([entry])
        kept.add()
    }

    /// Keeps an entry a moment later. Those of logins and refusals that say the same within a while become two.
    package func note(_ entry: AuditEntry) {
        state.withLock { state in
            if entry.action == .login || entry.result == .denied {
                switch state.repeated.note(entry) {
                case .first: break
                case .counted: return
                case .dropped: return dropped.add()
                }
            }
            guard state.waiting.count < Self.maximumLength else { return dropped.add() }
            state.waiting.append(entry)
        }
    }

    /// Keeps an entry about a pull a moment later, when pulls are kept.
    package func notePull(_ entry: @autoclosure () -> AuditEntry) {
        guard keepsPulls.load(ordering: .relaxed) else { return }
        note(entry())
    }

    /// Keeps what waits.
    ///
    /// - Parameter isLast: whether nothing will come any more: then what was repeated is told of at once.
    /// - Throws: what the store failed with; what was not kept waits on.
    package func flush(isLast: Bool = false) async throws {
        let ended = state.withLock { $0.repeated.finish(at: isLast ? nil : AuditEntry.now) }
        var rest = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting + ended
        }
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.batchLength))
            do {
                try await metadata.appendAudit(batch)
            } catch {
                putBack(rest)
                throw error
            }
            kept.add(batch.count)
            rest.removeFirst(batch.count)
        }
    }

    private func putBack(_ entries: [AuditEntry]) {
        state.withLock { state in
            let all = entries + state.waiting
            state.waiting = Array(all.prefix(Self.maximumLength))
            dropped.add(all.count - state.waiting.count)
        }
    }

    /// Drops what is older than `age`.
    ///
    /// - Returns: how many entries went.
    @discardableResult package func trim(olderThan age: Duration) async throws -> Int {
        let now = AuditEntry.now
        let time = now - age.components.seconds * 1000
        var count = 0
        while true {
            let gone = try await metadata.trimAudit(before: time, limit: Self.trimLength, now: now)
            count += gone
            guard gone == Self.trimLength else { return count }
        }
    }

    private static let trimLength = 5000

    /// A page of what is kept.
    package func entries(_ query: AuditQuery) async throws -> [AuditEntry] {
        try await metadata.audit(query)
    }
}
