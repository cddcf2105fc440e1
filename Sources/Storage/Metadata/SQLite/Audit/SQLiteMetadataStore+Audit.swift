import Access
import GRDB
import ImageSpec

extension SQLiteMetadataStore: AuditMetadata {
    package func appendAudit(_ entries: [AuditEntry]) async throws {
        guard !entries.isEmpty else { return }
        try await writer.write { database in
            for entry in entries { try Self.append(entry, in: database) }
        }
    }

    /// Keeps an entry with the change that it is about, in its transaction.
    static func append(_ entry: AuditEntry, in database: Database) throws {
        try database.executeCached(
            sql: """
                INSERT INTO audit (
                    time, actor_kind, actor, token, action, result, repository, reference, digest, client_address,
                    request_id, detail
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.time, entry.actor.kind.rawValue, entry.actor.name, entry.actor.tokenID, entry.action.rawValue,
                entry.result.rawValue, entry.repository?.rawValue, entry.reference, entry.digest?.description,
                entry.clientAddress, entry.requestID, entry.detail,
            ]
        )
    }

    package func audit(_ query: AuditQuery) async throws -> [AuditEntry] {
        try await database.read { database in
            let condition = Self.condition(of: query)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT id, time, actor_kind, actor, token, action, result, repository, reference, digest,
                    client_address, request_id, detail FROM audit
                    WHERE \(condition.sql) ORDER BY id \(query.page.isDescending ? "DESC" : "ASC")
                    """,
                arguments: condition.arguments
            )
            var entries: [AuditEntry] = []
            while entries.count < query.limit, let row = try rows.next() {
                let entry = try Self.auditEntry(row)
                if let pattern = query.repositories, entry.repository.map(pattern.matches) != true { continue }
                entries.append(entry)
            }
            return entries
        }
    }

    package func trimAudit(before time: Int64, limit: Int, now: Int64) async throws -> Int {
        try await writer.write { database in
            try database.executeCached(
                sql: "UPDATE audit_retention SET trimmed_before = ? WHERE id = 1 AND trimmed_before < ?",
                arguments: [time, time]
            )
            try database.executeCached(
                sql: "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE time < ? ORDER BY time LIMIT ?)",
                arguments: [time, limit]
            )
            let count = database.changesCount
            guard count > 0 else { return 0 }
            let entry = AuditEntry(time: now, actor: .server, action: .trimAudit, detail: "\(count) entries went")
            try Self.append(entry, in: database)
            return count
        }
    }

    /// - Returns: SQL that holds for the entries that are asked for, and for those too whose repository is like it.
    private static func condition(of query: AuditQuery) -> (sql: String, arguments: StatementArguments) {
        var terms: [String] = []
        var arguments = StatementArguments()
        func require(_ term: String, _ values: (any DatabaseValueConvertible)...) {
            terms.append(term)
            arguments += StatementArguments(values)
        }
        switch query.page {
        case .before(let id): require("id < ?", id ?? .max)
        case .after(let id): require("id > ?", id)
        }
        if let actor = query.actor { require("actor = ?", actor) }
        if let action = query.action { require("action = ?", action.rawValue) }
        if let result = query.result { require("result = ?", result.rawValue) }
        if let digest = query.digest { require("digest = ?", digest.description) }
        if let since = query.since { require("time >= ?", since) }
        if let until = query.until { require("time < ?", until) }
        if let pattern = query.repositories?.text {
            let prefix = pattern.prefix { $0 != "*" }
            if prefix.count == pattern.count {
                require("repository = ?", pattern)
            } else {
                // Names have nothing in them that comes behind '~'.
                require("repository >= ? AND repository < ?", String(prefix), prefix + "~")
            }
        }
        return (terms.joined(separator: " AND "), arguments)
    }

    private static func auditEntry(_ row: Row) throws -> AuditEntry {
        guard let kind = AuditActor.Kind(rawValue: row[2]), let action = AuditAction(rawValue: row[5]),
            let result = AuditResult(rawValue: row[6])
        else { throw StorageError.corruptRow(table: "audit", reason: "entry \(row[0] as Int64) has an unknown word") }
        do {
            return AuditEntry(
                id: row[0],
                time: row[1],
                actor: AuditActor(kind: kind, name: row[3], tokenID: row[4]),
                action: action,
                result: result,
                repository: try (row[7] as String?).map { try RepositoryName($0) },
                reference: row[8],
                digest: try (row[9] as String?).map { try Digest($0) },
                clientAddress: row[10],
                requestID: row[11],
                detail: row[12]
            )
        } catch {
            throw StorageError.corruptRow(table: "audit", reason: "\(error)")
        }
    }
}

extension AuditQuery.Page {
    fileprivate var isDescending: Bool {
        switch self {
        case .before: true
        case .after: false
        }
    }
}
