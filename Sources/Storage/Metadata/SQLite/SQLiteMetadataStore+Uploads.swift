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
