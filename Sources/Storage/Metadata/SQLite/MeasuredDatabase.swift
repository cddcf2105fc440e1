import GRDB
import NIOCore

/// The connections for reading, with a watch on how long each read takes.
struct MeasuredDatabase: Sendable {
    let pool: DatabasePool
    let instruments: DatabaseInstruments

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let start = NIODeadline.now()
        defer { instruments.reads.record(since: start) }
        return try await pool.read(work)
    }
}
