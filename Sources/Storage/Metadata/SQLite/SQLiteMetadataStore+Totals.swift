import GRDB

extension SQLiteMetadataStore {
    package func totals() async throws -> StoredTotals {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT blobs, bytes FROM blob_totals WHERE id = 1")
            )
            guard let row else { throw StorageError.corruptRow(table: "blob_totals", reason: "it is missing") }
            return StoredTotals(blobs: row[0], bytes: row[1])
        }
    }
}
