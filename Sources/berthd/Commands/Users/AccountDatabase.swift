import Access
import ArgumentParser
import Foundation
import Glibc
import Logging
import Registry
import Storage
import SystemPackage

/// Where the accounts are that a command reads or changes, beside a server that may be using them.
struct AccountDatabase: ParsableArguments {
    @Option(name: .long, help: "The YAML file that the server reads its configuration from.")
    var config: String?

    @Option(name: .long, help: "The folder for blobs and the database.")
    var data: String?

    /// Changes an account by `body`, and keeps in the audit that it was done on this machine.
    ///
    /// - Parameter isMade: whether the folder and its database are made when there are none yet.
    func change(
        _ name: AccountName,
        _ action: AuditAction,
        making isMade: Bool = false,
        detail: String? = nil,
        _ body: (AccessControl) async throws -> Void
    ) async throws {
        let place = "by berthd user, as the system's user \(getuid())"
        let entry = AuditEntry(
            time: AuditEntry.now,
            actor: .server,
            action: action,
            reference: name.rawValue,
            detail: detail.map { "\($0), \(place)" } ?? place
        )
        try await open(making: isMade, keeping: entry, body)
    }

    /// Runs `body` with the accounts.
    ///
    /// - Parameters:
    ///   - isMade: whether the folder and its database are made when there are none yet.
    ///   - entry: what the audit keeps of it when it has been done.
    func open(
        making isMade: Bool = false,
        keeping entry: AuditEntry? = nil,
        _ body: (AccessControl) async throws -> Void
    ) async throws {
        let flags = data.map { ["data": $0] } ?? [:]
        let configuration = try ConfigurationReading(file: config, flags: flags).configuration
        let file = DataFolder.database(in: configuration.data)
        let isThere = FileManager.default.fileExists(atPath: file.string)
        guard isMade || isThere else {
            throw StartError("there is no registry in '\(configuration.data)': it has no \(DataFolder.databaseName)")
        }
        let metadata = try store(in: configuration.data)
        if !isThere { try giveToOwner(of: configuration.data) }
        // Warnings of the password file are for the server's log.
        let logger = Logger(label: "berthd") { _ in SwiftLogNoOpLogHandler() }
        let access = try await AccessControl(
            metadata: metadata,
            configuration: configuration.accessConfiguration,
            logger: logger
        )
        try await body(access)
        if let entry { try await metadata.appendAudit([entry]) }
        try metadata.close()
    }

    private func store(in root: FilePath) throws -> SQLiteMetadataStore {
        do {
            // Held no longer than it takes to bring the schema up to date: a server may start meanwhile.
            let folder = try DataFolder(root)
            return try withExtendedLifetime(folder) { try SQLiteMetadataStore(path: folder.database, readerCount: 1) }
        } catch is DataFolderInUse {
            return try SQLiteMetadataStore(joining: DataFolder.database(in: root))
        }
    }

    /// What root makes in a folder of the server's user must be that user's, or the server can't write to it.
    private func giveToOwner(of root: FilePath) throws {
        var status = stat()
        guard geteuid() == 0, stat(root.string, &status) == 0, status.st_uid != 0 else { return }
        for file in [
            DataFolder.databaseName, "\(DataFolder.databaseName)-wal", "\(DataFolder.databaseName)-shm", "lock",
        ] {
            guard lchown(root.appending(file).string, status.st_uid, status.st_gid) == 0 || errno == ENOENT else {
                throw StartError("can't give '\(file)' to the folder's owner: \(Errno(rawValue: errno))")
            }
        }
    }
}
