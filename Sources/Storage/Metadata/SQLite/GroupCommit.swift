import GRDB
import NIOCore
import Synchronization

/// Runs the writes of many callers in one transaction, so that they share the wait for the disk.
///
/// While one transaction is being committed the next writes gather; the writer then takes all of them at once. A
/// write that fails is undone alone; a commit that fails, fails all that were in it. A write that was handed over is
/// carried out even when its task is cancelled: whether it happened is never in doubt to who waits for it.
final class GroupCommit: Sendable {
    /// Bounds how long the first in a transaction waits for the others.
    private static let maximumGroupSize = 256

    private struct State {
        var waiting: [any Write] = []
        var isWriting = false
    }

    private let pool: DatabasePool
    private let state = Mutex(State())
    private let commits = Atomic<Int>(0)

    /// How many transactions were committed.
    var commitCount: Int { commits.load(ordering: .relaxed) }

    private let instruments: DatabaseInstruments

    init(_ pool: DatabasePool, instruments: DatabaseInstruments) {
        self.pool = pool
        self.instruments = instruments
    }

    /// Runs `work` in a transaction.
    ///
    /// - Returns: what `work` returned, once it is durable.
    /// - Throws: what `work` threw, or what the commit failed with.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let start = NIODeadline.now()
        defer { instruments.writes.record(since: start) }
        return try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(PendingWrite(work: work, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isFirst { pool.asyncWriteWithoutTransaction { self.writeAll(in: $0) } }
        }
    }

    private func writeAll(in database: Database) {
        while let group = nextGroup() {
            do {
                try database.beginTransaction(.immediate)
                // Alone it needs no way back of its own.
                if group.count == 1 { try group[0].run(in: database) } else { try runEach(of: group, in: database) }
                try database.commit()
                commits.add(1, ordering: .relaxed)
                for write in group { write.succeed() }
            } catch {
                // A full disk may have ended the transaction already.
                if database.isInsideTransaction { try? database.rollback() }
                for write in group { write.fail(error) }
            }
        }
    }

    private func runEach(of group: [any Write], in database: Database) throws {
        for write in group {
            do {
                try database.inSavepoint {
                    try write.run(in: database)
                    return .commit
                }
            } catch {
                guard database.isInsideTransaction else { throw error }
                write.fail(error)
            }
        }
    }

    private func nextGroup() -> [any Write]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.maximumGroupSize))
            state.waiting.removeFirst(group.count)
            return group
        }
    }
}

/// One caller's write, whatever it returns. Only the database's writer touches it, one step after the other.
private protocol Write: AnyObject, Sendable {
    func run(in database: Database) throws
    /// Tells the caller that it is durable.
    func succeed()
    /// Tells the caller, unless it was told already.
    func fail(_ error: any Error)
}

private final class PendingWrite<Value: Sendable>: Write {
    private enum State {
        case waiting
        case done(Value)
        case told
    }

    private let work: @Sendable (Database) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let state = Mutex(State.waiting)

    init(work: @escaping @Sendable (Database) throws -> Value, continuation: CheckedContinuation<Value, any Error>) {
        self.work = work
        self.continuation = continuation
    }

    func run(in database: Database) throws {
        let value = try work(database)
        state.withLock { $0 = .done(value) }
    }

    func succeed() {
        guard case .done(let value) = tell() else { return }
        continuation.resume(returning: value)
    }

    func fail(_ error: any Error) {
        if case .told = tell() { return }
        continuation.resume(throwing: error)
    }

    private func tell() -> State {
        state.withLock { state in
            defer { state = .told }
            return state
        }
    }
}
