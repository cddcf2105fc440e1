import GRDB
import ImageSpec

extension SQLiteMetadataStore {
    package func repositories(after last: RepositoryName?, limit: Int) async throws -> [RepositoryName] {
        try await database.read { database in
            let names = try String.fetchAll(
                database.cachedStatement(sql: Self.repositoriesWithManifests),
                arguments: [last?.rawValue ?? "", limit]
            )
            do {
                return try names.map { try RepositoryName($0) }
            } catch {
                throw StorageError.corruptRow(table: "repositories", reason: "\(error)")
            }
        }
    }

    private static let repositoriesWithManifests = """
        SELECT name FROM repositories
        WHERE name > ? AND EXISTS (SELECT 1 FROM manifests WHERE manifests.repository_id = repositories.id)
        ORDER BY name LIMIT ?
        """
}
