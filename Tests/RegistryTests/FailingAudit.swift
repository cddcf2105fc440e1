import Access
import Storage
import Synchronization

/// Keeps entries of the audit in a store, except while it is told to fail.
final class FailingAudit: AuditMetadata {
    struct Failure: Error {}

    let fails = Atomic<Bool>(false)
    private let store: SQLiteMetadataStore

    init(_ store: SQLiteMetadataStore) {
        self.store = store
    }

    func appendAudit(_ entries: [AuditEntry]) async throws {
        if fails.load(ordering: .relaxed) { throw Failure() }
        try await store.appendAudit(entries)
    }

    func audit(_ query: AuditQuery) async throws -> [AuditEntry] {
        try await store.audit(query)
    }

    func trimAudit(before time: Int64, limit: Int, now: Int64) async throws -> Int {
        try await store.trimAudit(before: time, limit: limit, now: now)
    }
}
