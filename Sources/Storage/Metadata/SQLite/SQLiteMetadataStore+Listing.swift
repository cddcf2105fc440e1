import Foundation
import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func locations(of digests: [Digest]) async throws -> [Digest: BlobLocation] {
        try await database.read { database in
            let statement = try database.cachedStatement(sql: "SELECT location FROM blobs WHERE digest = ?")
            var locations: [Digest: BlobLocation] = [:]
            for digest in digests {
                let location = try String.fetchOne(statement, arguments: [digest.description])
                locations[digest] = location.map(BlobLocation.init)
            }
            return locations
        }
    }

    package func blobs(after last: Digest?, limit: Int) async throws -> [StoredBlob] {
        try await database.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT digest, size, location FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?"
                ),
                arguments: [last?.description ?? "", limit]
            )
            return try rows.map { row in
                guard let digest = try? Digest(row[0] as String) else {
                    throw StorageError.corruptRow(table: "blobs", reason: "'\(row[0] as String)' is not a digest")
                }
                return StoredBlob(digest: digest, size: row[1], location: BlobLocation(rawValue: row[2]))
            }
        }
    }

    package func manifests(
        in repository: RepositoryName,
        after last: Digest?,
        byteLimit: Int
    ) async throws -> [ManifestEntry] {
        try await database.read { database in
            guard let repositoryID = try Self.repositoryID(repository, in: database) else { return [] }
            let rows = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT digest, media_type, bytes, artifact_type, subject, id FROM manifests
                        WHERE repository_id = ? AND digest > ? ORDER BY digest
                        """
                ),
                arguments: [repositoryID, last?.description ?? ""]
            )
            var entries: [ManifestEntry] = []
            var byteCount = 0
            while let row = try rows.next() {
                byteCount += (row[2] as Data).count
                guard byteCount <= byteLimit || entries.isEmpty else { break }
                entries.append(try Self.entry(from: row, of: repositoryID, in: database))
            }
            return entries
        }
    }

    package func inconsistencies() async throws -> [String] {
        try await database.read { database in
            var problems = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            problems += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
                "a row of the table '\(row[0] as String)' points to one of '\(row[2] as String)' that isn't there"
            }
            problems += try Row.fetchAll(
                database,
                sql: """
                    SELECT repositories.name, tags.name FROM tags
                    JOIN manifests ON manifests.id = tags.manifest_id
                    JOIN repositories ON repositories.id = tags.repository_id
                    WHERE manifests.repository_id != tags.repository_id
                    """
            ).map { row in
                "the tag '\(row[1] as String)' of \(row[0] as String) points to a manifest of another repository"
            }
            return problems
        }
    }

    private static func entry(from row: Row, of repositoryID: Int64, in database: Database) throws -> ManifestEntry {
        let references = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT kind, digest FROM manifest_references WHERE manifest_id = ?"),
            arguments: [row[5] as Int64]
        ).map { reference in
            guard let kind = ManifestLink.Kind(rawValue: reference[0]), let digest = try? Digest(reference[1] as String)
            else { throw StorageError.corruptRow(table: "manifest_references", reason: "its digest is not one") }
            return ManifestLink(kind: kind, digest: digest)
        }
        do {
            return ManifestEntry(
                stored: try manifest(from: row),
                artifactType: try (row[3] as String?).map { try MediaType($0) },
                subject: try (row[4] as String?).map { try Digest($0) },
                references: Set(references),
                missing: Set(try references.filter { try !repository(repositoryID, has: $0, in: database) })
            )
        } catch let error as ImageSpecError {
            throw StorageError.corruptRow(table: "manifests", reason: error.description)
        }
    }
}
