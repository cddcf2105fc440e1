/// The tables of accounts and of what they may do.
///
/// Whatever changes them, a trigger counts it: another process that holds them in memory sees by the count that it must
/// read them again.
enum AccountSchema {
    static let tables = """
        CREATE TABLE accounts (
            name TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            is_administrator INTEGER NOT NULL,
            is_enabled INTEGER NOT NULL,
            password_hash TEXT,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Not only of those who have a row in accounts: there are htpasswd files.
        CREATE TABLE account_groups (
            account TEXT NOT NULL,
            group_name TEXT NOT NULL,
            PRIMARY KEY (account, group_name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_groups_by_group ON account_groups (group_name);

        -- By number, for seconds don't tell which is newer. Scopes with spaces between; NULL: all that the owner may.
        CREATE TABLE access_tokens (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            hash TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            scopes TEXT,
            created_at INTEGER NOT NULL,
            expires_at INTEGER
        ) STRICT;
        CREATE INDEX access_tokens_by_owner ON access_tokens (owner, kind);
        CREATE INDEX access_tokens_by_end ON access_tokens (expires_at) WHERE expires_at IS NOT NULL;

        CREATE TABLE grants (
            subject TEXT NOT NULL,
            pattern TEXT NOT NULL,
            actions TEXT NOT NULL,
            PRIMARY KEY (subject, pattern)
        ) STRICT, WITHOUT ROWID;

        -- Immutable tags a line each; NULL: nothing is said.
        CREATE TABLE repository_rules (
            pattern TEXT NOT NULL PRIMARY KEY,
            visibility TEXT,
            creation TEXT,
            immutable_tags TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE access_revision (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL
        ) STRICT;
        INSERT INTO access_revision (id, revision) VALUES (1, 1);

        \(triggers)
        """

    private static let counted = ["accounts", "account_groups", "access_tokens", "grants", "repository_rules"]

    private static var triggers: String {
        counted.flatMap { table in
            ["INSERT", "UPDATE", "DELETE"].map { change in
                """
                CREATE TRIGGER access_revision_after_\(table)_\(change.lowercased()) AFTER \(change) ON \(table) BEGIN
                    UPDATE access_revision SET revision = revision + 1 WHERE id = 1;
                END;
                """
            }
        }
        .joined(separator: "\n")
    }
}
