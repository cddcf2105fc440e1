import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func referrers(
        to subject: Digest,
        in repository: RepositoryName,
        artifactType: MediaType?,
        after last: Digest?,
        byteLimit: Int
    ) async throws -> (manifests: [StoredManifest], hasMore: Bool) {
        try await database.read { database in
            let sql = """
                SELECT manifests.digest, manifests.media_type, manifests.bytes FROM manifests
                JOIN repositories ON repositories.id = manifests.repository_id
                WHERE repositories.name = ? AND manifests.subject = ? AND manifests.digest > ?
                AND (? IS NULL OR manifests.artifact_type = ?)
                ORDER BY manifests.digest
                """
            let type = artifactType?.rawValue
            let rows = try Row.fetchCursor(
                database.cachedStatement(sql: sql),
                arguments: [repository.rawValue, subject.description, last?.description ?? "", type, type]
            )
            var referrers: [StoredManifest] = []
            var byteCount = 0
            while let row = try rows.next() {
                let manifest = try Self.manifest(from: row)
                byteCount += manifest.bytes.count
                guard byteCount <= byteLimit || referrers.isEmpty else { return (referrers, true) }
                referrers.append(manifest)
            }
            return (referrers, false)
        }
    }
}
