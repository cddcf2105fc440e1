import Foundation
import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func manifest(
        _ reference: ManifestReference,
        in repository: RepositoryName
    ) async throws -> StoredManifest? {
        try await database.read { database in
            let row =
                switch reference {
                case .digest(let digest):
                    try Row.fetchOne(
                        database.cachedStatement(sql: Self.manifestByDigest),
                        arguments: [repository.rawValue, digest.description]
                    )
                case .tag(let tag):
                    try Row.fetchOne(
                        database.cachedStatement(sql: Self.manifestByTag),
                        arguments: [repository.rawValue, tag.rawValue]
                    )
                }
            return try row.map(Self.manifest)
        }
    }

    package func addManifest(
        _ manifest: NewManifest,
        taggedAs tags: [Tag],
        to repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> [Digest] {
        try await writer.write { database in
            let repositoryID = try Self.repositoryID(repository, in: database)
            try Self.check(terms.condition, in: repositoryID, database)
            let missing =
                manifest.mayBeSparse
                ? []
                : try manifest.references.filter { reference in
                    guard let repositoryID else { return true }
                    return try !Self.repository(repositoryID, has: reference, in: database)
                }
            guard missing.isEmpty else { return missing.map(\.digest) }
            let owner = try repositoryID ?? Self.ensureRepository(repository, in: database)
            let manifestID = try Self.keepingQuotas(of: owner, in: database) {
                try Self.insert(manifest, into: owner, in: database)
            }
            for tag in tags {
                try Self.point(tag, to: manifest.stored.digest, id: manifestID, of: owner, on: terms, in: database)
            }
            if tags.isEmpty, var entry = terms.audit {
                entry.digest = manifest.stored.digest
                try Self.append(entry, in: database)
            }
            return []
        }
    }

    package func removeManifest(
        _ digest: Digest,
        from repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> Bool {
        try await writer.write { database in
            let repositoryID = try Self.repositoryID(repository, in: database)
            guard let repositoryID, let manifestID = try Self.manifestID(digest, of: repositoryID, in: database)
            else { return false }
            try Self.check(terms.condition, in: repositoryID, database)
            try Self.checkImmutableTags(over: manifestID, on: terms, in: database)
            if let entry = terms.audit { try Self.append(entry, of: digest, id: manifestID, in: database) }
            try database.executeCached(
                sql: """
                    INSERT INTO tag_history (repository_id, name)
                    SELECT repository_id, name FROM tags WHERE manifest_id = ?
                    """,
                arguments: [manifestID]
            )
            // The tags and references go with it.
            try database.executeCached(sql: "DELETE FROM manifests WHERE id = ?", arguments: [manifestID])
            return true
        }
    }

    /// - Throws: ``ManifestConditionFailed``.
    static func check(_ condition: ManifestCondition?, in repositoryID: Int64?, _ database: Database) throws {
        guard let condition else { return }
        let current = try repositoryID.flatMap { try digest(at: condition.reference, of: $0, in: database) }
        guard condition.holds(for: current) else { throw ManifestConditionFailed(current: current) }
    }

    static func digest(
        at reference: ManifestReference,
        of repositoryID: Int64,
        in database: Database
    ) throws -> Digest? {
        switch reference {
        case .digest(let digest):
            return try manifestID(digest, of: repositoryID, in: database) == nil ? nil : digest
        case .tag(let tag):
            let text = try String.fetchOne(
                database.cachedStatement(sql: digestByTag),
                arguments: [repositoryID, tag.rawValue]
            )
            return try text.map { try digestInRow($0) }
        }
    }

    private static let digestByTag = """
        SELECT manifests.digest FROM tags JOIN manifests ON manifests.id = tags.manifest_id
        WHERE tags.repository_id = ? AND tags.name = ?
        """

    private static let manifestByDigest = """
        SELECT manifests.digest, manifests.media_type, manifests.bytes FROM manifests
        JOIN repositories ON repositories.id = manifests.repository_id
        WHERE repositories.name = ? AND manifests.digest = ?
        """

    private static let manifestByTag = """
        SELECT manifests.digest, manifests.media_type, manifests.bytes FROM tags
        JOIN repositories ON repositories.id = tags.repository_id
        JOIN manifests ON manifests.id = tags.manifest_id
        WHERE repositories.name = ? AND tags.name = ?
        """

    static func manifest(from row: Row) throws -> StoredManifest {
        do {
            return StoredManifest(
                digest: try Digest(row[0] as String),
                mediaType: try MediaType(row[1] as String),
                bytes: Array(row[2] as Data)
            )
        } catch {
            throw StorageError.corruptRow(table: "manifests", reason: error.description)
        }
    }

    static func repository(_ id: Int64, has link: ManifestLink, in database: Database) throws -> Bool {
        switch link.kind {
        case .blob: try repository(id, hasBlob: link.digest, in: database)
        case .manifest: try manifestID(link.digest, of: id, in: database) != nil
        }
    }

    static func manifestID(_ digest: Digest, of repositoryID: Int64, in database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM manifests WHERE repository_id = ? AND digest = ?"),
            arguments: [repositoryID, digest.description]
        )
    }

    /// Inserts the manifest and what it names; when it is there already only its media type is set anew.
    private static func insert(_ manifest: NewManifest, into repositoryID: Int64, in database: Database) throws -> Int64
    {
        if let id = try manifestID(manifest.stored.digest, of: repositoryID, in: database) {
            try database.executeCached(
                sql: "UPDATE manifests SET media_type = ? WHERE id = ?",
                arguments: [manifest.stored.mediaType.rawValue, id]
            )
            return id
        }
        try database.executeCached(
            sql: """
                INSERT INTO manifests (repository_id, digest, media_type, artifact_type, subject, bytes)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                repositoryID, manifest.stored.digest.description, manifest.stored.mediaType.rawValue,
                manifest.artifactType?.rawValue, manifest.subject?.description, Data(manifest.stored.bytes),
            ]
        )
        let id = database.lastInsertedRowID
        for reference in manifest.references {
            try database.executeCached(
                sql: """
                    INSERT INTO manifest_references (manifest_id, digest, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [id, reference.digest.description, reference.kind.rawValue]
            )
        }
        return id
    }
}
