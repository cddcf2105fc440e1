import Access
import GRDB
import ImageSpec

extension SQLiteMetadataStore: AccessMetadata {
    package func accessState() async throws -> AccessState {
        try await database.read { database in
            var state = AccessState(revision: try Self.accessRevision(in: database))
            let members = try Row.fetchCursor(
                database.cachedStatement(sql: "SELECT account, group_name FROM account_groups")
            )
            while let row = try members.next() {
                let (account, group) = try Self.parsed(row, of: "account_groups") {
                    (try AccountName($0[0] as String), try GroupName($0[1] as String))
                }
                state.groups[account, default: []].insert(group)
            }
            state.accounts = try Row.fetchAll(database.cachedStatement(sql: Self.allAccounts)).map { row in
                var account = try Self.account(row)
                account.groups = state.groups[account.name] ?? []
                return account
            }
            state.tokens = try Row.fetchAll(database.cachedStatement(sql: Self.allTokens)).map(Self.token)
            state.grants = try Row.fetchAll(database.cachedStatement(sql: Self.allGrants)).map(Self.grant)
            state.rules = try Row.fetchAll(database.cachedStatement(sql: Self.allRules)).map(Self.rule)
            return state
        }
    }

    package func accessRevision() async throws -> Int64 {
        try await database.read { try Self.accessRevision(in: $0) }
    }

    private static let allAccounts = """
        SELECT name, kind, is_administrator, is_enabled, password_hash, created_at FROM accounts ORDER BY name
        """

    private static let allTokens = """
        SELECT id, hash, kind, owner, name, scopes, created_at, expires_at FROM access_tokens ORDER BY number
        """

    private static let allGrants = "SELECT subject, pattern, actions FROM grants ORDER BY subject, pattern"

    private static let allRules = """
        SELECT pattern, visibility, creation, immutable_tags FROM repository_rules ORDER BY pattern
        """

    private static func accessRevision(in database: Database) throws -> Int64 {
        let revision = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT revision FROM access_revision WHERE id = 1")
        )
        guard let revision else { throw StorageError.corruptRow(table: "access_revision", reason: "it is missing") }
        return revision
    }
}

/// What a row says.
extension SQLiteMetadataStore {
    private static func account(_ row: Row) throws -> Account {
        try parsed(row, of: "accounts") { row in
            Account(
                name: try AccountName(row[0] as String),
                kind: try choice(row[1]),
                isAdministrator: row[2],
                isEnabled: row[3],
                passwordHash: row[4],
                createdAt: row[5]
            )
        }
    }

    private static func token(_ row: Row) throws -> AccessToken {
        try parsed(row, of: "access_tokens") { row in
            AccessToken(
                id: row[0],
                kind: try choice(row[2]),
                owner: try AccountName(row[3] as String),
                name: row[4],
                hash: try Digest(row[1] as String),
                scopes: try (row[5] as String?)?.split(separator: " ").map { try Scope(String($0)) },
                createdAt: row[6],
                expiresAt: row[7]
            )
        }
    }

    private static func grant(_ row: Row) throws -> Grant {
        try parsed(row, of: "grants") { row in
            Grant(
                try GrantSubject(row[0] as String),
                Scope(try RepositoryPattern(row[1] as String), try Actions(row[2] as String))
            )
        }
    }

    private static func rule(_ row: Row) throws -> RepositoryRule {
        try parsed(row, of: "repository_rules") { row in
            RepositoryRule(
                try RepositoryPattern(row[0] as String),
                visibility: try (row[1] as String?).map { try choice($0) },
                creation: try (row[2] as String?).map { try choice($0) },
                immutableTags: (row[3] as String?)?.split(separator: "\n").map(String.init)
            )
        }
    }

    private static func parsed<Value>(_ row: Row, of table: String, _ parse: (Row) throws -> Value) throws -> Value {
        do {
            return try parse(row)
        } catch {
            throw StorageError.corruptRow(table: table, reason: "\(error)")
        }
    }

    private static func choice<Choice: RawRepresentable<String>>(_ text: String) throws -> Choice {
        guard let choice = Choice(rawValue: text) else { throw UnknownChoice(text: text) }
        return choice
    }

    private struct UnknownChoice: Error, CustomStringConvertible {
        let text: String
        var description: String { "'\(text.prefix(100))' is not known" }
    }
}
