import Access
import Foundation
import GRDB

extension SQLiteMetadataStore: SigningKeyStore {
    package func signingKeys() async throws -> [StoredSigningKey] {
        try await database.read { database in
            try Row.fetchAll(database, sql: "SELECT id, algorithm, secret, created_at FROM signing_keys").map { row in
                let secret: Data = row["secret"]
                return StoredSigningKey(
                    id: row["id"],
                    algorithm: row["algorithm"],
                    secret: Array(secret),
                    createdAt: row["created_at"]
                )
            }
        }
    }

    package func addSigningKey(_ key: StoredSigningKey) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: """
                    INSERT INTO signing_keys (id, algorithm, secret, created_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [key.id, key.algorithm, Data(key.secret), key.createdAt]
            )
        }
    }

    package func removeSigningKey(_ id: String) async throws {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM signing_keys WHERE id = ?", arguments: [id])
        }
    }
}
