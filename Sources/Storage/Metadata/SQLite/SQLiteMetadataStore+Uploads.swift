import Foundation
import GRDB
import ImageSpec

extension SQLiteMetadataStore: MetadataStore {
    package func addUpload(_ session: UploadSession) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: """
                    INSERT INTO upload_sessions (id, repository, offset, algorithm, hash_state) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    session.id.rawValue, session.repository.rawValue, session.offset,
                    session.hasher.algorithm.rawValue, Data(session.hasher.savedState),
                ]
            )
        }
    }

    package func upload(_ id: UploadID, in repository: RepositoryName) async throws -> UploadSession? {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT offset, algorithm, hash_state FROM upload_sessions WHERE id = ? AND repository = ?
                        """
                ),
                arguments: [id.rawValue, repository.rawValue]
            )
            guard let row else { return nil }
            guard
                let algorithm = DigestAlgorithm(rawValue: row[1]),
                let hasher = DigestHasher(algorithm, savedState: Array(row[2] as Data))
            else { throw StorageError.corruptRow(table: "upload_sessions", reason: "its hash state is not one") }
            return UploadSession(id: id, repository: repository, offset: row[0], hasher: hasher)
        }
    }

    package func saveUpload(_ session: UploadSession) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: """
                    UPDATE upload_sessions
                    SET offset = ?, algorithm = ?, hash_state = ?, updated_at = unixepoch() WHERE id = ?
                    """,
                arguments: [
                    session.offset, session.hasher.algorithm.rawValue, Data(session.hasher.savedState),
                    session.id.rawValue,
                ]
            )
        }
    }

    package func removeUpload(_ id: UploadID) async throws {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM upload_sessions WHERE id = ?", arguments: [id.rawValue])
        }
    }
}

extension SQLiteMetadataStore {
    package func hasUpload(_ id: UploadID) async throws -> Bool {
        try await database.read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM upload_sessions WHERE id = ?)"),
                arguments: [id.rawValue]
            ) ?? false
        }
    }

    package func uploads(idleFor time: Duration, after last: UploadEntry?, limit: Int) async throws -> [UploadEntry] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT id, repository, offset, updated_at FROM upload_sessions
                        WHERE updated_at <= unixepoch() - ? AND (updated_at, id) > (?, ?)
                        ORDER BY updated_at, id LIMIT ?
                        """
                ),
                arguments: [time.components.seconds, last?.updatedAt ?? 0, last?.id.rawValue ?? "", limit]
            )
            return try rows.map { row in
                guard let id = UploadID(row[0] as String), let repository = try? RepositoryName(row[1] as String) else {
                    throw StorageError.corruptRow(table: "upload_sessions", reason: "its id or repository is not one")
                }
                return UploadEntry(id: id, repository: repository, offset: row[2], updatedAt: row[3])
            }
        }
    }
}
