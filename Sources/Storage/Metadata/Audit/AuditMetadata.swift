import Access

/// The audit: what was done, in the order in which it was kept. Nothing in it changes, and nothing goes but by age.
package protocol AuditMetadata: Sendable {
    /// Keeps entries, in their order; they are durable when this returns.
    func appendAudit(_ entries: [AuditEntry]) async throws

    /// A page of the audit.
    func audit(_ query: AuditQuery) async throws -> [AuditEntry]

    /// Drops entries of before `time`, at most `limit` of them, and keeps an entry that says so.
    ///
    /// - Parameters:
    ///   - time: in milliseconds since 1970.
    ///   - now: the time of the entry, in milliseconds since 1970.
    /// - Returns: how many went.
    func trimAudit(before time: Int64, limit: Int, now: Int64) async throws -> Int
}
