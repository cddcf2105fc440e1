import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func cachedTag(_ tag: Tag, in repository: RepositoryName) async throws -> CachedTag? {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT manifests.digest, COALESCE(tags.checked_at, 0) FROM tags
                        JOIN repositories ON repositories.id = tags.repository_id
                        JOIN manifests ON manifests.id = tags.manifest_id
                        WHERE repositories.name = ? AND tags.name = ?
                        """
                ),
                arguments: [repository.rawValue, tag.rawValue]
            )
            return try row.map { CachedTag(digest: try Self.digestInRow($0[0]), checkedAt: $0[1]) }
        }
    }

    package func noteTag(
        _ tag: Tag,
        pointsTo digest: Digest,
        at time: Int64,
        in repository: RepositoryName
    ) async throws {
        try await writer.write { database in
            guard
                let repositoryID = try Self.repositoryID(repository, in: database),
                let manifestID = try Self.manifestID(digest, of: repositoryID, in: database)
            else { return }
            try Self.point(tag, to: digest, id: manifestID, of: repositoryID, on: .none, in: database)
            try database.executeCached(
                sql: "UPDATE tags SET checked_at = ? WHERE repository_id = ? AND name = ?",
                arguments: [time, repositoryID, tag.rawValue]
            )
        }
    }

    package func cachedTags(
        of upstream: String,
        after last: CachedTagName?,
        limit: Int
    ) async throws -> [CachedTagName] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT repositories.name, tags.name, manifests.digest FROM tags
                        JOIN repositories ON repositories.id = tags.repository_id
                        JOIN manifests ON manifests.id = tags.manifest_id
                        WHERE repositories.upstream = ? AND (repositories.name, tags.name) > (?, ?)
                        ORDER BY repositories.name, tags.name LIMIT ?
                        """
                ),
                arguments: [upstream, last?.repository.rawValue ?? "", last?.tag.rawValue ?? "", limit]
            )
            return try rows.map { row in
                guard let repository = try? RepositoryName(row[0] as String), let tag = try? Tag(row[1] as String)
                else { throw StorageError.corruptRow(table: "tags", reason: "its name is not one") }
                return CachedTagName(repository: repository, tag: tag, digest: try Self.digestInRow(row[2]))
            }
        }
    }
}
