/// The tables of the audit.
///
/// Rows are only ever added: triggers refuse to change or delete one. The one way out is by age: rows of before the time
/// in `audit_retention`, which never goes back, may be deleted.
enum AuditSchema {
    /// Times are milliseconds since 1970.
    static let tables = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            actor_kind TEXT NOT NULL,
            actor TEXT,
            token TEXT,
            action TEXT NOT NULL,
            result TEXT NOT NULL,
            repository TEXT,
            reference TEXT,
            digest TEXT,
            client_address TEXT,
            request_id TEXT,
            detail TEXT
        ) STRICT;
        CREATE INDEX audit_by_time ON audit (time);
        CREATE INDEX audit_by_actor ON audit (actor, id) WHERE actor IS NOT NULL;
        CREATE INDEX audit_by_repository ON audit (repository, id) WHERE repository IS NOT NULL;
        CREATE INDEX audit_by_digest ON audit (digest, id) WHERE digest IS NOT NULL;

        CREATE TABLE audit_retention (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            trimmed_before INTEGER NOT NULL
        ) STRICT;
        INSERT INTO audit_retention (id, trimmed_before) VALUES (1, 0);

        -- REPLACE deletes without a trigger.
        CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_retention_is_never_replaced BEFORE INSERT ON audit_retention BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_goes_by_age_alone BEFORE DELETE ON audit
        WHEN OLD.time >= (SELECT trimmed_before FROM audit_retention WHERE id = 1) BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_retention_never_goes_back BEFORE UPDATE ON audit_retention
        WHEN NEW.trimmed_before < OLD.trimmed_before BEGIN
            SELECT RAISE(ABORT, 'what may be trimmed from the audit never becomes less');
        END;
        CREATE TRIGGER audit_retention_stays BEFORE DELETE ON audit_retention BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        """
}
