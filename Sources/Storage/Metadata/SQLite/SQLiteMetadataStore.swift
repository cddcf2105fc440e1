import GRDB
import Glibc
import ImageSpec
import SystemPackage

/// Metadata in one SQLite file, in WAL mode: readers never wait for the writer.
///
/// `synchronous=FULL`: a commit has reached the disk when it returns.
package struct SQLiteMetadataStore: Sendable {
    let database: MeasuredDatabase
    let writer: GroupCommit
    /// How long reads and writes take.
    package let instruments: DatabaseInstruments

    /// Opens the database at `path`, making it or bringing its schema up to date.
    ///
    /// - Throws: ``StorageError/schemaTooNew`` when a newer Berth has written it; ``StorageError`` when its disk is full
    ///   or read-only; else GRDB's `DatabaseError`.
    package init(path: FilePath, readerCount: Int = 8) throws {
        do {
            try self.init(writingTo: path, readerCount: readerCount)
        } catch {
            throw StorageError(error, database: path.string) ?? error
        }
    }

    /// Opens the database at `path` to be read only: every attempt to write fails.
    ///
    /// A server may be using it at the same time.
    ///
    /// - Throws: ``StorageError/schemaTooNew``, ``StorageError/schemaTooOld``; GRDB's `DatabaseError`.
    package init(reading path: FilePath, readerCount: Int = 4) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = readerCount
        configuration.readonly = true
        let database = try DatabasePool(path: path.string, configuration: configuration)
        let migrator = Schema.migrator
        guard try !database.read(migrator.hasBeenSuperseded) else { throw StorageError.schemaTooNew }
        guard try database.read(migrator.hasCompletedMigrations) else { throw StorageError.schemaTooOld }
        instruments = DatabaseInstruments()
        self.database = MeasuredDatabase(pool: database, instruments: instruments)
        writer = GroupCommit(database, instruments: instruments)
    }

    /// Opens the database at `path` beside a server that uses it, to change some of it.
    ///
    /// - Throws: ``StorageError/schemaTooNew``, ``StorageError/schemaTooOld``; GRDB's `DatabaseError`.
    package init(joining path: FilePath) throws {
        let database = try DatabasePool(path: path.string, configuration: Self.configuration(readerCount: 1))
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let migrator = Schema.migrator
        guard try !database.read(migrator.hasBeenSuperseded) else { throw StorageError.schemaTooNew }
        guard try database.read(migrator.hasCompletedMigrations) else { throw StorageError.schemaTooOld }
        instruments = DatabaseInstruments()
        self.database = MeasuredDatabase(pool: database, instruments: instruments)
        writer = GroupCommit(database, instruments: instruments)
    }

    private static func configuration(readerCount: Int) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = readerCount
        // Another process may write for a moment: a command that changes accounts beside the server.
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private init(writingTo path: FilePath, readerCount: Int) throws {
        try Self.closeToOthers(path)
        let configuration = Self.configuration(readerCount: readerCount)
        let database = try DatabasePool(path: path.string, configuration: configuration)
        // Only now: the pool sets NORMAL when it opens its writer, with which a commit may be lost with the power.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let migrator = Schema.migrator
        guard try !database.read(migrator.hasBeenSuperseded) else { throw StorageError.schemaTooNew }
        try migrator.migrate(database)
        instruments = DatabaseInstruments()
        self.database = MeasuredDatabase(pool: database, instruments: instruments)
        writer = GroupCommit(database, instruments: instruments)
    }

    /// Makes the database's file when there is none, and sees to it that others on this machine can't read what is in it:
    /// passwords' hashes. What SQLite puts beside it is made as the file is.
    private static func closeToOthers(_ path: FilePath) throws {
        let descriptor = open(path.string, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
        for file in [path.string, "\(path)-wal", "\(path)-shm"] {
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & 0o007 != 0 else { continue }
            guard chmod(file, status.st_mode & 0o770) == 0 else {
                throw StorageError(Errno(rawValue: errno), during: "close to others", of: FilePath(file))
            }
        }
    }

    /// How many transactions were committed since the store was opened: fewer than writes, when many come at once.
    package var commitCount: Int { writer.commitCount }

    /// What the writer's `PRAGMA synchronous` says: 2 is FULL.
    package func synchronousLevel() async throws -> Int? {
        try await database.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    /// Ends all connections, all that was committed then lying in the one file; the store can't be used after.
    package func close() throws {
        // A reader that is closed last can keep SQLite from doing so itself. When it can't be done, the log beside the
        // file holds what the file lacks, and the next one to open both sees to it.
        try? database.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try database.pool.close()
    }
}
