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

    static let pins = "CREATE TABLE cache_pins (pattern TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;"
}
