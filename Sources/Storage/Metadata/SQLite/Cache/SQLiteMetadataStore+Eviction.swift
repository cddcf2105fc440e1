import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func noteUse(of blobs: [Digest: Int64], and manifests: [CachedManifestName: Int64]) async throws {
        guard !blobs.isEmpty || !manifests.isEmpty else { return }
        try await writer.write { database in
            for (digest, time) in blobs {
                try database.executeCached(
                    sql: "UPDATE cached_blobs SET used_at = MAX(used_at, ?) WHERE digest = ?",
                    arguments: [time, digest.description]
                )
            }
            for (manifest, time) in manifests {
                try database.executeCached(
                    sql: """
                        UPDATE cached_manifests SET used_at = MAX(used_at, ?) WHERE manifest_id = (
                            SELECT manifests.id FROM manifests
                            JOIN repositories ON repositories.id = manifests.repository_id
                            WHERE repositories.name = ? AND manifests.digest = ?
                        )
                        """,
                    arguments: [time, manifest.repository.rawValue, manifest.digest.description]
                )
            }
        }
    }

    package func cacheTotals() async throws -> CacheTotals {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT blobs, bytes, manifests, manifest_bytes FROM cache_totals WHERE id = 1"
                )
            )
            guard let row else { throw StorageError.corruptRow(table: "cache_totals", reason: "it is missing") }
            return CacheTotals(blobs: row[0], blobBytes: row[1], manifests: row[2], manifestBytes: row[3])
        }
    }

    package func evictableBlobs(after last: EvictableBlob?, limit: Int) async throws -> [EvictableBlob] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT digest, size, used_at FROM cached_blobs WHERE (used_at, digest) > (?, ?)
                        ORDER BY used_at, digest LIMIT ?
                        """
                ),
                arguments: [last?.usedAt ?? .min, last?.digest.description ?? "", limit]
            )
            return try rows.map { row in
                EvictableBlob(digest: try Self.digestInRow(row[0], of: "cached_blobs"), size: row[1], usedAt: row[2])
            }
        }
    }

    package func evict(_ digest: Digest) async throws -> BlobLocation? {
        try await writer.write { database in
            let location = try String.fetchOne(
                database.cachedStatement(
                    sql: "SELECT location FROM blobs JOIN cached_blobs USING (digest) WHERE digest = ?"
                ),
                arguments: [digest.description]
            )
            guard let location else { return nil }
            // The row that says that only caches hold it goes with the last link.
            try database.executeCached(
                sql: "DELETE FROM repository_blobs WHERE digest = ?",
                arguments: [digest.description]
            )
            try database.executeCached(sql: "DELETE FROM blobs WHERE digest = ?", arguments: [digest.description])
            return BlobLocation(rawValue: location)
        }
    }

    package func isNamed(_ blob: Digest) async throws -> Bool {
        try await database.read { database in
            try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT EXISTS (SELECT 1 FROM manifest_references WHERE digest = ? AND kind = 'blob')"
                ),
                arguments: [blob.description]
            ) ?? false
        }
    }

    package func cachePins() async throws -> [String] {
        try await database.read { database in
            try String.fetchAll(database.cachedStatement(sql: "SELECT pattern FROM cache_pins ORDER BY pattern"))
        }
    }

    package func addCachePin(_ pattern: String) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: "INSERT INTO cache_pins (pattern) VALUES (?) ON CONFLICT DO NOTHING",
                arguments: [pattern]
            )
        }
    }

    package func removeCachePin(_ pattern: String) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM cache_pins WHERE pattern = ?", arguments: [pattern])
            return database.changesCount > 0
        }
    }
}
