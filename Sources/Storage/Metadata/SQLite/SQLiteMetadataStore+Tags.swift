import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func tags(in repository: RepositoryName, after last: Tag?, limit: Int) async throws -> [Tag]? {
        try await database.read { database in
            guard let repositoryID = try Self.repositoryID(repository, in: database) else { return nil }
            let names = try String.fetchAll(
                database.cachedStatement(
                    sql: "SELECT name FROM tags WHERE repository_id = ? AND name > ? ORDER BY name LIMIT ?"
                ),
                arguments: [repositoryID, last?.rawValue ?? "", limit]
            )
            do {
                return try names.map { try Tag($0) }
            } catch {
                throw StorageError.corruptRow(table: "tags", reason: "\(error)")
            }
        }
    }

    package func removeTag(
        _ tag: Tag,
        from repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> Bool {
        try await writer.write { database in
            guard let repositoryID = try Self.repositoryID(repository, in: database) else { return false }
            try Self.check(terms.condition, in: repositoryID, database)
            guard let digest = try Self.digest(at: .tag(tag), of: repositoryID, in: database) else { return false }
            if terms.isImmutable(tag) { throw TagImmutable(tag, at: digest) }
            try database.executeCached(
                sql: "DELETE FROM tags WHERE repository_id = ? AND name = ?",
                arguments: [repositoryID, tag.rawValue]
            )
            try Self.remember(tag, pointsTo: nil, of: repositoryID, in: database)
            if var entry = terms.audit {
                entry.reference = tag.rawValue
                entry.digest = digest
                try Self.append(entry, in: database)
            }
            return true
        }
    }

    /// Points `tag` to a manifest, and keeps in its history, and in the audit when the terms say so, that it did.
    ///
    /// - Throws: ``TagImmutable``.
    static func point(
        _ tag: Tag,
        to digest: Digest,
        id manifestID: Int64,
        of repositoryID: Int64,
        on terms: ChangeTerms,
        in database: Database
    ) throws {
        let before = try Self.digest(at: .tag(tag), of: repositoryID, in: database)
        if let before, before != digest, terms.isImmutable(tag) { throw TagImmutable(tag, at: before) }
        if var entry = terms.audit {
            entry.reference = tag.rawValue
            entry.digest = digest
            if let before, before != digest { entry.detail = "was \(before)" }
            try append(entry, in: database)
        }
        guard before != digest else { return }
        try database.executeCached(
            sql: """
                INSERT INTO tags (repository_id, name, manifest_id) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET manifest_id = excluded.manifest_id, updated_at = unixepoch()
                """,
            arguments: [repositoryID, tag.rawValue, manifestID]
        )
        try remember(tag, pointsTo: digest, of: repositoryID, in: database)
    }

    private static func remember(
        _ tag: Tag,
        pointsTo digest: Digest?,
        of repositoryID: Int64,
        in database: Database
    ) throws {
        try database.executeCached(
            sql: "INSERT INTO tag_history (repository_id, name, digest) VALUES (?, ?, ?)",
            arguments: [repositoryID, tag.rawValue, digest?.description]
        )
    }
}
