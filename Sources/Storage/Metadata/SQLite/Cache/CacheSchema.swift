/// The tables of cached repositories.
///
/// A row of `cached_blobs` says that caches hold a blob and nobody else does. Triggers see to it: whoever links a blob to
/// a repository, or takes a link away, need not know of caches, and the totals are exact at every commit.
enum CacheSchema {
    static let tables = """
        ALTER TABLE repositories ADD COLUMN upstream TEXT;
        ALTER TABLE tags ADD COLUMN checked_at INTEGER;

        CREATE TABLE cached_blobs (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            used_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX cached_blobs_by_use ON cached_blobs (used_at, digest);

        CREATE TABLE cache_totals (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            blobs INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO cache_totals (id, blobs, bytes) VALUES (1, 0, 0);

        CREATE TRIGGER cache_totals_after_insert AFTER INSERT ON cached_blobs BEGIN
            UPDATE cache_totals SET blobs = blobs + 1, bytes = bytes + NEW.size WHERE id = 1;
        END;
        CREATE TRIGGER cache_totals_after_delete AFTER DELETE ON cached_blobs BEGIN
            UPDATE cache_totals SET blobs = blobs - 1, bytes = bytes - OLD.size WHERE id = 1;
        END;

        CREATE TRIGGER cached_blobs_after_local_link AFTER INSERT ON repository_blobs
        WHEN (SELECT upstream FROM repositories WHERE id = NEW.repository_id) IS NULL BEGIN
            DELETE FROM cached_blobs WHERE digest = NEW.digest;
        END;
        CREATE TRIGGER cached_blobs_after_cache_link AFTER INSERT ON repository_blobs
        WHEN (SELECT upstream FROM repositories WHERE id = NEW.repository_id) IS NOT NULL BEGIN
            INSERT INTO cached_blobs (digest, size)
            SELECT blobs.digest, blobs.size FROM blobs
            WHERE blobs.digest = NEW.digest
            AND NOT EXISTS (SELECT 1 FROM cached_blobs WHERE digest = NEW.digest)
            AND NOT EXISTS (
                SELECT 1 FROM repository_blobs AS links
                JOIN repositories ON repositories.id = links.repository_id
                WHERE links.digest = NEW.digest AND repositories.upstream IS NULL
            );
        END;
        CREATE TRIGGER cached_blobs_after_unlink AFTER DELETE ON repository_blobs BEGIN
            DELETE FROM cached_blobs WHERE digest = OLD.digest
            AND NOT EXISTS (SELECT 1 FROM repository_blobs WHERE digest = OLD.digest);
            INSERT INTO cached_blobs (digest, size)
            SELECT blobs.digest, blobs.size FROM blobs
            WHERE blobs.digest = OLD.digest
            AND NOT EXISTS (SELECT 1 FROM cached_blobs WHERE digest = OLD.digest)
            AND EXISTS (SELECT 1 FROM repository_blobs WHERE digest = OLD.digest)
            AND NOT EXISTS (
                SELECT 1 FROM repository_blobs AS links
                JOIN repositories ON repositories.id = links.repository_id
                WHERE links.digest = OLD.digest AND repositories.upstream IS NULL
            );
        END;
        """

    /// A row of `cached_manifests` says that a cache holds a manifest; triggers see to it, as for blobs.
    static let manifests = """
        ALTER TABLE cache_totals ADD COLUMN manifests INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE cache_totals ADD COLUMN manifest_bytes INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE cached_manifests (
            manifest_id INTEGER PRIMARY KEY REFERENCES manifests (id),
            size INTEGER NOT NULL,
            used_at INTEGER NOT NULL DEFAULT (unixepoch())
        ) STRICT;
        CREATE INDEX cached_manifests_by_use ON cached_manifests (used_at, manifest_id);

        CREATE TRIGGER cache_totals_after_manifest AFTER INSERT ON cached_manifests BEGIN
            UPDATE cache_totals SET manifests = manifests + 1, manifest_bytes = manifest_bytes + NEW.size WHERE id = 1;
        END;
        CREATE TRIGGER cache_totals_after_lost_manifest AFTER DELETE ON cached_manifests BEGIN
            UPDATE cache_totals SET manifests = manifests - 1, manifest_bytes = manifest_bytes - OLD.size WHERE id = 1;
        END;
        CREATE TRIGGER cached_manifests_after_insert AFTER INSERT ON manifests
        WHEN (SELECT upstream FROM repositories WHERE id = NEW.repository_id) IS NOT NULL BEGIN
            INSERT INTO cached_manifests (manifest_id, size) VALUES (NEW.id, length(NEW.bytes));
        END;
        CREATE TRIGGER cached_manifests_before_delete BEFORE DELETE ON manifests BEGIN
            DELETE FROM cached_manifests WHERE manifest_id = OLD.id;
        END;

        INSERT INTO cached_manifests (manifest_id, size)
        SELECT manifests.id, length(manifests.bytes) FROM manifests
        JOIN repositories ON repositories.id = manifests.repository_id
        WHERE repositories.upstream IS NOT NULL;
        """

    static let pins = "CREATE TABLE cache_pins (pattern TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;"
}
