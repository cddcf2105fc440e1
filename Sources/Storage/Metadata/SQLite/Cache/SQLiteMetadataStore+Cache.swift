import GRDB
import ImageSpec

extension SQLiteMetadataStore: CacheMetadata {
    package func origin(of name: RepositoryName) async throws -> RepositoryOrigin? {
        try await database.read { database in try Self.origin(of: name, in: database) }
    }

    package func makeCache(_ name: RepositoryName, of upstream: String) async throws -> Bool {
        try await writer.write { database in
            switch try Self.origin(of: name, in: database) {
            case .cache: return true
            case .local: return false
            case nil: break
            }
            try database.executeCached(
                sql: """
                    INSERT INTO repositories (name, upstream) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET upstream = excluded.upstream
                    """,
                arguments: [name.rawValue, upstream]
            )
            return true
        }
    }

    /// A repository that had uploads and came to hold nothing is nobody's yet.
    private static func origin(of name: RepositoryName, in database: Database) throws -> RepositoryOrigin? {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT id, upstream FROM repositories WHERE name = ?"),
            arguments: [name.rawValue]
        )
        guard let row else { return nil }
        if let upstream = row[1] as String? { return .cache(of: upstream) }
        let holdsSomething = try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM manifests WHERE repository_id = ?1)
                    OR EXISTS (SELECT 1 FROM repository_blobs WHERE repository_id = ?1)
                    """
            ),
            arguments: [row[0] as Int64]
        )
        return holdsSomething == true ? .local : nil
    }

    package func storedBlob(_ digest: Digest) async throws -> StoredBlob? {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT size, location FROM blobs WHERE digest = ?"),
                arguments: [digest.description]
            )
            return row.map { StoredBlob(digest: digest, size: $0[0], location: BlobLocation(rawValue: $0[1])) }
        }
    }

    package func linkBlob(_ digest: Digest, to repository: RepositoryName) async throws -> Bool {
        try await writer.write { database in
            let isStored = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM blobs WHERE digest = ?)"),
                arguments: [digest.description]
            )
            guard isStored == true else { return false }
            let repositoryID = try Self.ensureRepository(repository, in: database)
            try Self.keepingQuotas(of: repositoryID, in: database) {
                try Self.link(digest, to: repositoryID, in: database)
            }
            return true
        }
    }

    package func manifest(naming blob: Digest, in repository: RepositoryName) async throws -> StoredManifest? {
        try await database.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT manifests.digest, manifests.media_type, manifests.bytes FROM manifest_references
                        JOIN manifests ON manifests.id = manifest_references.manifest_id
                        JOIN repositories ON repositories.id = manifests.repository_id
                        WHERE manifest_references.digest = ? AND manifest_references.kind = 'blob'
                        AND repositories.name = ? LIMIT 1
                        """
                ),
                arguments: [blob.description, repository.rawValue]
            )
            return try row.map(Self.manifest)
        }
    }

    package func blobs(neededBy manifest: Digest, in repository: RepositoryName) async throws -> [Digest] {
        try await digests(
            of: """
                SELECT DISTINCT manifest_references.digest FROM needed
                JOIN manifest_references ON manifest_references.manifest_id = needed.id
                WHERE manifest_references.kind = 'blob'
                """,
            neededBy: manifest,
            in: repository
        )
    }

    package func manifests(neededBy manifest: Digest, in repository: RepositoryName) async throws -> [Digest] {
        try await digests(
            of: "SELECT manifests.digest FROM needed JOIN manifests ON manifests.id = needed.id",
            neededBy: manifest,
            in: repository
        )
    }

    /// - Parameter selection: takes them from `needed`, the ids of the manifest and of those below it.
    private func digests(
        of selection: String,
        neededBy manifest: Digest,
        in repository: RepositoryName
    ) async throws -> [Digest] {
        try await database.read { database in
            let texts = try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        WITH RECURSIVE needed (id) AS (
                            SELECT manifests.id FROM manifests
                            JOIN repositories ON repositories.id = manifests.repository_id
                            WHERE repositories.name = ?1 AND manifests.digest = ?2
                            UNION
                            SELECT children.id FROM needed
                            JOIN manifests AS parents ON parents.id = needed.id
                            JOIN manifest_references ON manifest_references.manifest_id = needed.id
                            JOIN manifests AS children ON children.repository_id = parents.repository_id
                            AND children.digest = manifest_references.digest
                            WHERE manifest_references.kind = 'manifest'
                        )
                        \(selection)
                        """
                ),
                arguments: [repository.rawValue, manifest.description]
            )
            return try texts.map { try Self.digestInRow($0) }
        }
    }
}
