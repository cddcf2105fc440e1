import Access
import GRDB
import ImageSpec

extension SQLiteMetadataStore: QuotaMetadata {
    package func setQuota(_ quota: Quota) async throws {
        try await writer.write { database in
            let namespace = Self.text(of: quota.namespace)
            try database.executeCached(
                sql: "UPDATE quotas SET bytes = ?, repositories = ? WHERE namespace = ?",
                arguments: [quota.bytes, quota.repositories, namespace]
            )
            guard database.changesCount == 0 else { return }
            try database.executeCached(
                sql: "INSERT INTO quotas (namespace, bytes, repositories) VALUES (?, ?, ?)",
                arguments: [namespace, quota.bytes, quota.repositories]
            )
            try Self.count(namespace, in: database)
        }
    }

    /// Counts what a namespace holds that had no limits so far.
    private static func count(_ namespace: String, in database: Database) throws {
        // '0' is the byte behind '/'.
        try database.executeCached(
            sql: """
                INSERT INTO quota_members (repository_id, namespace)
                SELECT id, ?1 FROM repositories
                WHERE upstream IS NULL AND (?1 = '' OR name = ?1 OR (name > ?1 || '/' AND name < ?1 || '0'))
                """,
            arguments: [namespace]
        )
        try database.executeCached(
            sql: """
                INSERT INTO quota_blobs (namespace, digest, size, links)
                SELECT quota_members.namespace, blobs.digest, blobs.size, COUNT(*) FROM quota_members
                JOIN repository_blobs ON repository_blobs.repository_id = quota_members.repository_id
                JOIN blobs ON blobs.digest = repository_blobs.digest
                WHERE quota_members.namespace = ?1 GROUP BY blobs.digest
                """,
            arguments: [namespace]
        )
        try database.executeCached(
            sql: """
                UPDATE quotas SET used_repositories = (
                    SELECT COUNT(*) FROM quota_members
                    JOIN repositories ON repositories.id = quota_members.repository_id
                    WHERE quota_members.namespace = ?1 AND repositories.holdings > 0
                )
                WHERE namespace = ?1
                """,
            arguments: [namespace]
        )
    }

    package func removeQuota(of namespace: RepositoryName?) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "DELETE FROM quotas WHERE namespace = ?",
                arguments: [Self.text(of: namespace)]
            )
            return database.changesCount > 0
        }
    }

    package func quotas() async throws -> [QuotaUse] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT namespace, bytes, repositories, used_bytes, used_repositories FROM quotas
                        ORDER BY namespace
                        """
                )
            )
            return try rows.map(Self.quotaUse)
        }
    }

    package func checkRoom(for size: Int64?, of digest: Digest?, in repository: RepositoryName) async throws {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT namespace, bytes, repositories, used_bytes, used_repositories,
                        EXISTS (
                            SELECT 1 FROM quota_blobs
                            WHERE quota_blobs.namespace = quotas.namespace AND quota_blobs.digest = ?2
                        )
                        FROM quotas WHERE namespace IN (SELECT value FROM json_each(?1)) ORDER BY namespace
                        """
                ),
                arguments: [Self.namespaces(of: repository), digest?.description]
            )
            guard !rows.isEmpty else { return }
            let holdings = try Int.fetchOne(
                database.cachedStatement(sql: "SELECT holdings FROM repositories WHERE name = ?"),
                arguments: [repository.rawValue]
            )
            for row in rows {
                let use = try Self.quotaUse(row)
                if holdings ?? 0 == 0 { try use.checkAnotherRepository() }
                if row[5] as Bool { continue }
                try use.checkRoom(for: size, isNew: digest != nil)
            }
        }
    }

    /// Makes a change to a repository, unless a limit that it is under is exceeded by it: then the change is to be undone.
    ///
    /// - Throws: ``QuotaExceeded``.
    static func keepingQuotas<Value>(
        of repositoryID: Int64,
        in database: Database,
        _ change: () throws -> Value
    ) throws -> Value {
        let before = try quotaUses(of: repositoryID, in: database)
        let value = try change()
        guard !before.isEmpty else { return value }
        for (old, new) in zip(before, try quotaUses(of: repositoryID, in: database)) { try old.checkGrowth(to: new) }
        return value
    }

    private static func quotaUses(of repositoryID: Int64, in database: Database) throws -> [QuotaUse] {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT namespace, bytes, repositories, used_bytes, used_repositories FROM quota_members
                    JOIN quotas USING (namespace) WHERE repository_id = ? ORDER BY namespace
                    """
            ),
            arguments: [repositoryID]
        )
        return try rows.map(quotaUse)
    }

    private static func quotaUse(_ row: Row) throws -> QuotaUse {
        let text = row[0] as String
        do {
            return QuotaUse(
                quota: Quota(
                    namespace: text.isEmpty ? nil : try RepositoryName(text),
                    bytes: row[1],
                    repositories: row[2]
                ),
                bytes: row[3],
                repositories: row[4]
            )
        } catch {
            throw StorageError.corruptRow(table: "quotas", reason: "\(error)")
        }
    }

    private static func text(of namespace: RepositoryName?) -> String { namespace?.rawValue ?? "" }

    /// The namespaces that contain a repository, as a JSON array: its name, those above it, and the whole registry.
    private static func namespaces(of repository: RepositoryName) -> String {
        var names = [""]
        var above = ""
        for part in repository.rawValue.split(separator: "/") {
            above += above.isEmpty ? String(part) : "/\(part)"
            names.append(above)
        }
        // A repository's name has nothing in it that JSON would have escaped.
        return "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
}

extension QuotaUse {
    fileprivate func checkGrowth(to new: QuotaUse) throws(QuotaExceeded) {
        if let limit = quota.bytes, new.bytes > bytes, new.bytes > limit {
            throw exceeded(.bytes, limit, bytes, new.bytes - bytes)
        }
        if let limit = quota.repositories, new.repositories > repositories, new.repositories > limit {
            throw exceeded(.repositories, Int64(limit), Int64(repositories), Int64(new.repositories - repositories))
        }
    }

    fileprivate func checkAnotherRepository() throws(QuotaExceeded) {
        guard let limit = quota.repositories, repositories >= limit else { return }
        throw exceeded(.repositories, Int64(limit), Int64(repositories), 1)
    }

    /// - Parameter isNew: whether the namespace is known not to hold the blob yet.
    fileprivate func checkRoom(for size: Int64?, isNew: Bool) throws(QuotaExceeded) {
        guard let limit = quota.bytes else { return }
        guard let size else {
            if bytes >= limit { throw exceeded(.bytes, limit, bytes, nil) }
            return
        }
        let free = isNew ? limit - bytes : limit
        // An empty blob needs no room even where there is none.
        if size > 0, size > free { throw exceeded(.bytes, limit, bytes, size) }
    }

    private func exceeded(
        _ resource: QuotaExceeded.Resource,
        _ limit: Int64,
        _ used: Int64,
        _ needed: Int64?
    ) -> QuotaExceeded {
        QuotaExceeded(namespace: quota.namespace, resource: resource, limit: limit, used: used, needed: needed)
    }
}
