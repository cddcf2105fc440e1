import Access
import GRDB

extension SQLiteMetadataStore {
    package func addToken(_ token: AccessToken, needsAccount: Bool) async throws -> Bool {
        try await writer.write { database in
            try Self.add(token, needsAccount: needsAccount, in: database)
        }
    }

    package func rotateToken(to token: AccessToken, keeping count: Int, until time: Int64) async throws -> Bool {
        try await writer.write { database in
            _ = try Self.removeTokens(of: token.owner, token.kind, keeping: count, in: database)
            try database.executeCached(
                sql: """
                    UPDATE access_tokens SET expires_at = MIN(COALESCE(expires_at, ?1), ?1) WHERE owner = ?2 AND kind = ?3
                    """,
                arguments: [time, token.owner.rawValue, token.kind.rawValue]
            )
            return try Self.add(token, needsAccount: true, in: database)
        }
    }

    package func removeToken(_ id: String) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM access_tokens WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }

    package func removeTokens(
        of owner: AccountName,
        _ kinds: Set<AccessToken.Kind>,
        keeping count: Int
    ) async throws -> Int {
        try await writer.write { database in
            try kinds.reduce(0) { try $0 + Self.removeTokens(of: owner, $1, keeping: count, in: database) }
        }
    }

    package func removeTokens(endedBefore time: Int64) async throws -> Int {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM access_tokens WHERE expires_at < ?", arguments: [time])
            return database.changesCount
        }
    }

    private static func add(_ token: AccessToken, needsAccount: Bool, in database: Database) throws -> Bool {
        if needsAccount {
            let isThere = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM accounts WHERE name = ?)"),
                arguments: [token.owner.rawValue]
            )
            guard isThere == true else { return false }
        }
        try database.executeCached(
            sql: """
                INSERT INTO access_tokens (id, hash, kind, owner, name, scopes, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                token.id, token.hash.description, token.kind.rawValue, token.owner.rawValue, token.name,
                token.scopes.map { $0.map(\.description).joined(separator: " ") }, token.createdAt, token.expiresAt,
            ]
        )
        return true
    }

    private static func removeTokens(
        of owner: AccountName,
        _ kind: AccessToken.Kind,
        keeping count: Int,
        in database: Database
    ) throws -> Int {
        try database.executeCached(
            sql: """
                DELETE FROM access_tokens WHERE number IN (
                    SELECT number FROM access_tokens WHERE owner = ? AND kind = ?
                    ORDER BY number DESC LIMIT -1 OFFSET ?
                )
                """,
            arguments: [owner.rawValue, kind.rawValue, count]
        )
        return database.changesCount
    }
}
