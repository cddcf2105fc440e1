import Access
import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    /// What an immutable tag stands for stays whole: the manifest, and what that names.
    ///
    /// - Throws: ``TagImmutable``.
    static func checkImmutableTags(over manifestID: Int64, on terms: ChangeTerms, in database: Database) throws {
        guard !terms.immutableTags.isEmpty else { return }
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: tagsThatNeed),
            arguments: [manifestID]
        )
        while let row = try rows.next() {
            let name = row[0] as String
            guard let tag = try? Tag(name) else {
                throw StorageError.corruptRow(table: "tags", reason: "'\(name)' is not a tag")
            }
            if terms.isImmutable(tag) { throw TagImmutable(tag, at: try digestInRow(row[1])) }
        }
    }

    /// The tags of a manifest and of all indexes that lead to it.
    private static let tagsThatNeed = """
        WITH RECURSIVE holders (id) AS (
            SELECT ?1
            UNION
            SELECT parents.id FROM holders
            JOIN manifests AS children ON children.id = holders.id
            JOIN manifest_references ON manifest_references.digest = children.digest
            JOIN manifests AS parents ON parents.id = manifest_references.manifest_id
            AND parents.repository_id = children.repository_id
            WHERE manifest_references.kind = 'manifest'
        )
        SELECT tags.name, manifests.digest FROM holders
        JOIN tags ON tags.manifest_id = holders.id
        JOIN manifests ON manifests.id = holders.id
        """

    /// Keeps that a manifest goes, with its tags.
    static func append(_ entry: AuditEntry, of digest: Digest, id manifestID: Int64, in database: Database) throws {
        let tags = try String.fetchAll(
            database.cachedStatement(sql: "SELECT name FROM tags WHERE manifest_id = ? ORDER BY name LIMIT 21"),
            arguments: [manifestID]
        )
        var entry = entry
        entry.digest = digest
        if !tags.isEmpty {
            entry.detail = "with the tags " + tags.prefix(20).joined(separator: ", ") + (tags.count > 20 ? ", …" : "")
        }
        try append(entry, in: database)
    }
}
