import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func blob(_ digest: Digest, in repository: RepositoryName) async throws -> StoredBlob? {
        try await database.read { database in
            let sql = """
                SELECT blobs.size, blobs.location FROM blobs
                JOIN repository_blobs USING (digest)
                JOIN repositories ON repositories.id = repository_blobs.repository_id
                WHERE repositories.name = ? AND blobs.digest = ?
                """
            let row = try Row.fetchOne(
                database.cachedStatement(sql: sql),
                arguments: [repository.rawValue, digest.description]
            )
            return row.map { StoredBlob(digest: digest, size: $0[0], location: BlobLocation(rawValue: $0[1])) }
        }
    }

    package func addBlob(
        _ blob: StoredBlob,
        to repository: RepositoryName,
        ending upload: UploadID?
    ) async throws -> StoredBlob {
        try await writer.write { database in
            try database.executeCached(
                sql: "INSERT INTO blobs (digest, size, location) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [blob.digest.description, blob.size, blob.location.rawValue]
            )
            let repositoryID = try Self.ensureRepository(repository, in: database)
            try Self.keepingQuotas(of: repositoryID, in: database) {
                try Self.link(blob.digest, to: repositoryID, in: database)
            }
            if let upload {
                try database.executeCached(
                    sql: "DELETE FROM upload_sessions WHERE id = ?",
                    arguments: [upload.rawValue]
                )
            }
            let location = try String.fetchOne(
                database.cachedStatement(sql: "SELECT location FROM blobs WHERE digest = ?"),
                arguments: [blob.digest.description]
            )
            guard let location else { throw StorageError.corruptRow(table: "blobs", reason: "an added blob is gone") }
            return StoredBlob(digest: blob.digest, size: blob.size, location: BlobLocation(rawValue: location))
        }
    }

    package func moveBlob(_ digest: Digest, from old: BlobLocation, to new: BlobLocation) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "UPDATE blobs SET location = ? WHERE digest = ? AND location = ?",
                arguments: [new.rawValue, digest.description, old.rawValue]
            )
            return database.changesCount > 0
        }
    }

    package func mountBlob(
        _ digest: Digest,
        from source: RepositoryName?,
        into repository: RepositoryName,
        on terms: ChangeTerms,
        if allowed: @escaping @Sendable (RepositoryName) -> Bool
    ) async throws -> Bool {
        try await writer.write { database in
            guard try Self.canMount(digest, from: source, if: allowed, in: database) else { return false }
            let repositoryID = try Self.ensureRepository(repository, in: database)
            try Self.keepingQuotas(of: repositoryID, in: database) {
                try Self.link(digest, to: repositoryID, in: database)
            }
            if var entry = terms.audit {
                entry.digest = digest
                entry.detail = source.map { "from \($0)" }
                try Self.append(entry, in: database)
            }
            return true
        }
    }

    package func removeBlob(
        _ digest: Digest,
        from repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> BlobRemoval {
        try await writer.write { database in
            guard
                let repositoryID = try Self.repositoryID(repository, in: database),
                try Self.repository(repositoryID, hasBlob: digest, in: database)
            else { return .unknown }
            let holders = try String.fetchAll(
                database.cachedStatement(sql: Self.manifestsThatName),
                arguments: [digest.description, repositoryID]
            )
            guard holders.isEmpty else { return .needed(by: try holders.map { try Self.digestInRow($0) }) }
            try database.executeCached(
                sql: "DELETE FROM repository_blobs WHERE repository_id = ? AND digest = ?",
                arguments: [repositoryID, digest.description]
            )
            if var entry = terms.audit {
                entry.digest = digest
                try Self.append(entry, in: database)
            }
            return .removed
        }
    }

    /// A few are enough to say why a blob stays.
    private static let manifestsThatName = """
        SELECT manifests.digest FROM manifest_references
        JOIN manifests ON manifests.id = manifest_references.manifest_id
        WHERE manifest_references.digest = ? AND manifest_references.kind = 'blob' AND manifests.repository_id = ?
        LIMIT 10
        """

    static func digestInRow(_ text: String, of table: String = "manifests") throws -> Digest {
        do {
            return try Digest(text)
        } catch {
            throw StorageError.corruptRow(table: table, reason: error.description)
        }
    }

    private static func canMount(
        _ digest: Digest,
        from source: RepositoryName?,
        if allowed: (RepositoryName) -> Bool,
        in database: Database
    ) throws -> Bool {
        guard let source else {
            // What a cache holds is its readers': who knows no more than a digest isn't known to be one of them.
            let holders = try String.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT name FROM repository_blobs
                        JOIN repositories ON repositories.id = repository_blobs.repository_id
                        WHERE digest = ? AND upstream IS NULL LIMIT ?
                        """
                ),
                // Everybody waits for the writer: where very many have it, the client may have to upload it.
                arguments: [digest.description, 1000]
            )
            while let holder = try holders.next() {
                if let name = try? RepositoryName(holder), allowed(name) { return true }
            }
            return false
        }
        guard allowed(source), let sourceID = try Self.repositoryID(source, in: database) else { return false }
        return try repository(sourceID, hasBlob: digest, in: database)
    }

    static func repository(_ id: Int64, hasBlob digest: Digest, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM repository_blobs WHERE repository_id = ? AND digest = ?)"
            ),
            arguments: [id, digest.description]
        ) ?? false
    }

    static func link(_ digest: Digest, to repositoryID: Int64, in database: Database) throws {
        try database.executeCached(
            sql: "INSERT INTO repository_blobs (repository_id, digest) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [repositoryID, digest.description]
        )
        // A client that was told "stored" has time to name it in a manifest before collection may take it.
        try database.executeCached(
            sql: "UPDATE blobs SET last_requested_at = unixepoch() WHERE digest = ?",
            arguments: [digest.description]
        )
    }
}

extension SQLiteMetadataStore {
    static func repositoryID(_ name: RepositoryName, in database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM repositories WHERE name = ?"),
            arguments: [name.rawValue]
        )
    }

    static func ensureRepository(_ name: RepositoryName, in database: Database) throws -> Int64 {
        if let id = try repositoryID(name, in: database) { return id }
        try database.executeCached(sql: "INSERT INTO repositories (name) VALUES (?)", arguments: [name.rawValue])
        return database.lastInsertedRowID
    }
}
