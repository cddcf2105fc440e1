import Access
import GRDB

extension SQLiteMetadataStore {
    package func addAccount(_ account: Account, asFirst isFirst: Bool) async throws -> Bool {
        try await writer.write { database in
            if isFirst {
                let isTaken = try Bool.fetchOne(
                    database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM accounts)")
                )
                guard isTaken == false else { return false }
            }
            try database.executeCached(
                sql: """
                    INSERT INTO accounts (name, kind, is_administrator, is_enabled, password_hash, created_at)
                    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    account.name.rawValue, account.kind.rawValue, account.isAdministrator, account.isEnabled,
                    account.passwordHash, account.createdAt,
                ]
            )
            guard database.changesCount > 0 else { return false }
            for group in account.groups { try Self.addMember(account.name, to: group, in: database) }
            return true
        }
    }

    package func removeAccount(_ name: AccountName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(sql: "DELETE FROM accounts WHERE name = ?", arguments: [name.rawValue])
            guard database.changesCount > 0 else { return false }
            try database.executeCached(sql: "DELETE FROM account_groups WHERE account = ?", arguments: [name.rawValue])
            try database.executeCached(sql: "DELETE FROM access_tokens WHERE owner = ?", arguments: [name.rawValue])
            try database.executeCached(
                sql: "DELETE FROM grants WHERE subject = ?",
                arguments: [GrantSubject.account(name).description]
            )
            return true
        }
    }

    package func setPasswordHash(_ hash: String?, of name: AccountName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "UPDATE accounts SET password_hash = ? WHERE name = ?",
                arguments: [hash, name.rawValue]
            )
            return database.changesCount > 0
        }
    }

    package func setEnabled(_ isEnabled: Bool, _ name: AccountName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "UPDATE accounts SET is_enabled = ? WHERE name = ?",
                arguments: [isEnabled, name.rawValue]
            )
            return database.changesCount > 0
        }
    }

    package func setAdministrator(_ isAdministrator: Bool, _ name: AccountName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "UPDATE accounts SET is_administrator = ? WHERE name = ?",
                arguments: [isAdministrator, name.rawValue]
            )
            return database.changesCount > 0
        }
    }

    package func addMember(_ name: AccountName, to group: GroupName) async throws {
        try await writer.write { try Self.addMember(name, to: group, in: $0) }
    }

    package func removeMember(_ name: AccountName, from group: GroupName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "DELETE FROM account_groups WHERE account = ? AND group_name = ?",
                arguments: [name.rawValue, group.rawValue]
            )
            return database.changesCount > 0
        }
    }

    package func removeGroup(_ group: GroupName) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "DELETE FROM account_groups WHERE group_name = ?",
                arguments: [group.rawValue]
            )
            let hadMembers = database.changesCount > 0
            try database.executeCached(
                sql: "DELETE FROM grants WHERE subject = ?",
                arguments: [GrantSubject.group(group).description]
            )
            return hadMembers || database.changesCount > 0
        }
    }

    private static func addMember(_ name: AccountName, to group: GroupName, in database: Database) throws {
        try database.executeCached(
            sql: "INSERT INTO account_groups (account, group_name) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [name.rawValue, group.rawValue]
        )
    }
}
