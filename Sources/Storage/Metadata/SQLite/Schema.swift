import GRDB

/// The tables, and the steps that bring an older database to them.
///
/// A step is never changed once it was released: a new one is added behind it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: repositories, blobs, manifests, tags, uploads") { database in
            try database.execute(sql: firstTables)
        }
        migrator.registerMigration("totals of the stored blobs") { database in
            try database.execute(sql: blobTotals)
        }
        migrator.registerMigration("caches of other registries") { database in
            try database.execute(sql: CacheSchema.tables)
        }
        migrator.registerMigration("pins of caches") { database in
            try database.execute(sql: CacheSchema.pins)
        }
        migrator.registerMigration("accounts and what they may do") { database in
            try database.execute(sql: AccountSchema.tables)
        }
        migrator.registerMigration("keys that sign tokens") { database in
            try database.execute(sql: SigningKeySchema.tables)
        }
        migrator.registerMigration("quotas") { database in
            try database.execute(sql: QuotaSchema.tables)
        }
        migrator.registerMigration("audit") { database in
            try database.execute(sql: AuditSchema.tables)
        }
        migrator.registerMigration("manifests of caches") { database in
            try database.execute(sql: CacheSchema.manifests)
        }
        return migrator
    }

    /// Times are seconds since 1970. `last_requested_at` is when a blob was last pushed or mounted: it is to keep
    /// what a client is about to name out of collection's reach for a while.
    private static let firstTables = """
        CREATE TABLE repositories (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT;

        CREATE TABLE blobs (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            location TEXT NOT NULL,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            last_requested_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE repository_blobs (
            repository_id INTEGER NOT NULL REFERENCES repositories (id),
            digest TEXT NOT NULL REFERENCES blobs (digest),
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            PRIMARY KEY (repository_id, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX repository_blobs_by_digest ON repository_blobs (digest);

        CREATE TABLE manifests (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER NOT NULL REFERENCES repositories (id),
            digest TEXT NOT NULL,
            media_type TEXT NOT NULL,
            artifact_type TEXT,
            subject TEXT,
            bytes BLOB NOT NULL,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            UNIQUE (repository_id, digest)
        ) STRICT;
        CREATE INDEX manifests_by_subject ON manifests (repository_id, subject, digest) WHERE subject IS NOT NULL;

        CREATE TABLE manifest_references (
            manifest_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('blob', 'manifest')),
            PRIMARY KEY (manifest_id, digest, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX manifest_references_by_digest ON manifest_references (digest);

        CREATE TABLE tags (
            repository_id INTEGER NOT NULL REFERENCES repositories (id),
            name TEXT NOT NULL,
            manifest_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
            updated_at INTEGER NOT NULL DEFAULT (unixepoch()),
            PRIMARY KEY (repository_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tags_by_manifest ON tags (manifest_id);

        -- A NULL digest: the tag was removed.
        CREATE TABLE tag_history (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER NOT NULL REFERENCES repositories (id),
            name TEXT NOT NULL,
            digest TEXT,
            changed_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT;
        CREATE INDEX tag_history_by_name ON tag_history (repository_id, name);

        CREATE TABLE upload_sessions (
            id TEXT NOT NULL PRIMARY KEY,
            repository TEXT NOT NULL,
            offset INTEGER NOT NULL,
            algorithm TEXT NOT NULL,
            hash_state BLOB NOT NULL,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            updated_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX upload_sessions_by_age ON upload_sessions (updated_at);
        """

    /// One row, kept by triggers: counting the blobs would take long where there are many.
    private static let blobTotals = """
        CREATE TABLE blob_totals (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            blobs INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO blob_totals (id, blobs, bytes) SELECT 1, COUNT(*), COALESCE(SUM(size), 0) FROM blobs;
        CREATE TRIGGER blob_totals_after_insert AFTER INSERT ON blobs BEGIN
            UPDATE blob_totals SET blobs = blobs + 1, bytes = bytes + NEW.size WHERE id = 1;
        END;
        CREATE TRIGGER blob_totals_after_delete AFTER DELETE ON blobs BEGIN
            UPDATE blob_totals SET blobs = blobs - 1, bytes = bytes - OLD.size WHERE id = 1;
        END;
        """
}
