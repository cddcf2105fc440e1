import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func evictableManifests(after last: EvictableManifest?, limit: Int) async throws -> [EvictableManifest] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT repositories.name, manifests.digest, cached_manifests.size, cached_manifests.used_at,
                            cached_manifests.manifest_id
                        FROM cached_manifests
                        JOIN manifests ON manifests.id = cached_manifests.manifest_id
                        JOIN repositories ON repositories.id = manifests.repository_id
                        WHERE (cached_manifests.used_at, cached_manifests.manifest_id) > (?, ?)
                        ORDER BY cached_manifests.used_at, cached_manifests.manifest_id LIMIT ?
                        """
                ),
                arguments: [last?.usedAt ?? .min, last?.id ?? .min, limit]
            )
            return try rows.map { row in
                guard let repository = try? RepositoryName(row[0] as String) else {
                    throw StorageError.corruptRow(table: "repositories", reason: "its name is not one")
                }
                return EvictableManifest(
                    name: CachedManifestName(repository: repository, digest: try Self.digestInRow(row[1])),
                    size: row[2],
                    usedAt: row[3],
                    id: row[4]
                )
            }
        }
    }

    package func evict(_ manifest: CachedManifestName) async throws -> ManifestEviction? {
        try await writer.write { database in
            let id = try Int64.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT manifests.id FROM manifests
                        JOIN cached_manifests ON cached_manifests.manifest_id = manifests.id
                        JOIN repositories ON repositories.id = manifests.repository_id
                        WHERE repositories.name = ? AND manifests.digest = ?
                        """
                ),
                arguments: [manifest.repository.rawValue, manifest.digest.description]
            )
            guard let id else { return nil }
            let tags = try String.fetchAll(
                database.cachedStatement(sql: "SELECT name FROM tags WHERE manifest_id = ?"),
                arguments: [id]
            )
            let blobs = try String.fetchAll(
                database.cachedStatement(
                    sql: "SELECT digest FROM manifest_references WHERE manifest_id = ? AND kind = 'blob'"
                ),
                arguments: [id]
            )
            // The tags and references go with it. The history of its tags does not tell of it: the upstream has them
            // still.
            try database.executeCached(sql: "DELETE FROM manifests WHERE id = ?", arguments: [id])
            return ManifestEviction(
                tags: tags.compactMap { try? Tag($0) },
                orphans: try blobs.compactMap { try Self.orphan($0, in: database) }
            )
        }
    }

    /// Makes a blob the first to go that only caches hold and no manifest names; nil when it isn't one.
    private static func orphan(_ blob: String, in database: Database) throws -> EvictableBlob? {
        let size = try Int64.fetchOne(
            database.cachedStatement(
                sql: """
                    UPDATE cached_blobs SET used_at = 0 WHERE digest = ?1
                    AND NOT EXISTS (SELECT 1 FROM manifest_references WHERE digest = ?1 AND kind = 'blob')
                    RETURNING size
                    """
            ),
            arguments: [blob]
        )
        return try size.map { EvictableBlob(digest: try digestInRow(blob), size: $0, usedAt: 0) }
    }
}
