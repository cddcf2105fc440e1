/// The tables of quotas.
///
/// Triggers count: whoever links a blob to a repository, or takes a link away, need not know of quotas, and usage is
/// exact at every commit. Nothing but limited namespaces is counted.
enum QuotaSchema {
    /// The namespace '' is the whole registry. `holdings` is how many blobs and manifests a repository has.
    static let tables = """
        ALTER TABLE repositories ADD COLUMN holdings INTEGER NOT NULL DEFAULT 0;
        UPDATE repositories SET holdings =
            (SELECT COUNT(*) FROM repository_blobs WHERE repository_id = repositories.id)
            + (SELECT COUNT(*) FROM manifests WHERE repository_id = repositories.id);

        CREATE TABLE quotas (
            namespace TEXT NOT NULL PRIMARY KEY,
            bytes INTEGER,
            repositories INTEGER,
            used_bytes INTEGER NOT NULL DEFAULT 0,
            used_repositories INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;

        -- Which limits a repository is under. Caches are under none.
        CREATE TABLE quota_members (
            repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
            namespace TEXT NOT NULL REFERENCES quotas (namespace) ON DELETE CASCADE,
            PRIMARY KEY (repository_id, namespace)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX quota_members_by_namespace ON quota_members (namespace);

        -- How many repositories of a namespace have a blob: its bytes count once.
        CREATE TABLE quota_blobs (
            namespace TEXT NOT NULL REFERENCES quotas (namespace) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            links INTEGER NOT NULL,
            PRIMARY KEY (namespace, digest)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER quota_members_after_repository AFTER INSERT ON repositories WHEN NEW.upstream IS NULL BEGIN
            INSERT INTO quota_members (repository_id, namespace)
            SELECT NEW.id, namespace FROM quotas
            WHERE namespace = '' OR namespace = NEW.name
            OR namespace || '/' = substr(NEW.name, 1, length(namespace) + 1);
        END;
        CREATE TRIGGER quota_members_after_adoption AFTER UPDATE OF upstream ON repositories
        WHEN NEW.upstream IS NOT NULL BEGIN
            DELETE FROM quota_members WHERE repository_id = NEW.id;
        END;

        CREATE TRIGGER quotas_after_link AFTER INSERT ON repository_blobs BEGIN
            UPDATE quota_blobs SET links = links + 1
            WHERE digest = NEW.digest
            AND namespace IN (SELECT namespace FROM quota_members WHERE repository_id = NEW.repository_id);
            INSERT INTO quota_blobs (namespace, digest, size, links)
            SELECT quota_members.namespace, blobs.digest, blobs.size, 1 FROM quota_members
            JOIN blobs ON blobs.digest = NEW.digest
            WHERE quota_members.repository_id = NEW.repository_id
            AND NOT EXISTS (
                SELECT 1 FROM quota_blobs AS held
                WHERE held.namespace = quota_members.namespace AND held.digest = NEW.digest
            );
            UPDATE repositories SET holdings = holdings + 1 WHERE id = NEW.repository_id;
        END;
        CREATE TRIGGER quotas_after_unlink AFTER DELETE ON repository_blobs BEGIN
            UPDATE quota_blobs SET links = links - 1
            WHERE digest = OLD.digest
            AND namespace IN (SELECT namespace FROM quota_members WHERE repository_id = OLD.repository_id);
            DELETE FROM quota_blobs
            WHERE digest = OLD.digest AND links = 0
            AND namespace IN (SELECT namespace FROM quota_members WHERE repository_id = OLD.repository_id);
            UPDATE repositories SET holdings = holdings - 1 WHERE id = OLD.repository_id;
        END;
        CREATE TRIGGER quotas_after_blob AFTER INSERT ON quota_blobs BEGIN
            UPDATE quotas SET used_bytes = used_bytes + NEW.size WHERE namespace = NEW.namespace;
        END;
        CREATE TRIGGER quotas_after_lost_blob AFTER DELETE ON quota_blobs BEGIN
            UPDATE quotas SET used_bytes = used_bytes - OLD.size WHERE namespace = OLD.namespace;
        END;

        CREATE TRIGGER quotas_after_manifest AFTER INSERT ON manifests BEGIN
            UPDATE repositories SET holdings = holdings + 1 WHERE id = NEW.repository_id;
        END;
        CREATE TRIGGER quotas_after_lost_manifest AFTER DELETE ON manifests BEGIN
            UPDATE repositories SET holdings = holdings - 1 WHERE id = OLD.repository_id;
        END;
        CREATE TRIGGER quotas_after_first_holding AFTER UPDATE OF holdings ON repositories
        WHEN OLD.holdings = 0 AND NEW.holdings > 0 BEGIN
            UPDATE quotas SET used_repositories = used_repositories + 1
            WHERE namespace IN (SELECT namespace FROM quota_members WHERE repository_id = NEW.id);
        END;
        CREATE TRIGGER quotas_after_last_holding AFTER UPDATE OF holdings ON repositories
        WHEN OLD.holdings > 0 AND NEW.holdings = 0 BEGIN
            UPDATE quotas SET used_repositories = used_repositories - 1
            WHERE namespace IN (SELECT namespace FROM quota_members WHERE repository_id = NEW.id);
        END;
        """
}
