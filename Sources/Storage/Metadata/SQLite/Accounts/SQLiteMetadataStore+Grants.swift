import Access
import GRDB

extension SQLiteMetadataStore {
    package func setGrant(_ grant: Grant) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: """
                    INSERT INTO grants (subject, pattern, actions) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET actions = excluded.actions
                    """,
                arguments: [
                    grant.subject.description, grant.scope.pattern.text, grant.scope.actions.description,
                ]
            )
        }
    }

    package func removeGrant(to subject: GrantSubject, on pattern: RepositoryPattern) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "DELETE FROM grants WHERE subject = ? AND pattern = ?",
                arguments: [subject.description, pattern.text]
            )
            return database.changesCount > 0
        }
    }

    package func setRule(_ rule: RepositoryRule) async throws {
        try await writer.write { database in
            try database.executeCached(
                sql: """
                    INSERT INTO repository_rules (pattern, visibility, creation, immutable_tags) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET visibility = excluded.visibility, creation = excluded.creation,
                    immutable_tags = excluded.immutable_tags
                    """,
                arguments: [
                    rule.pattern.text, rule.visibility?.rawValue, rule.creation?.rawValue,
                    rule.immutableTags?.joined(separator: "\n"),
                ]
            )
        }
    }

    package func removeRule(_ pattern: RepositoryPattern) async throws -> Bool {
        try await writer.write { database in
            try database.executeCached(
                sql: "DELETE FROM repository_rules WHERE pattern = ?",
                arguments: [pattern.text]
            )
            return database.changesCount > 0
        }
    }
}
