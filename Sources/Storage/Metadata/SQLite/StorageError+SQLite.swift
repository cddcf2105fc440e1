import GRDB

extension StorageError {
    /// What the database failed with, when it is the disk's fault; nil for any other error.
    ///
    /// - Parameter path: the database's file, as far as it may be told.
    package init?(_ error: any Error, database path: String = "registry.sqlite") {
        if let error = error as? StorageError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else { return nil }
        let operation = "write to"
        switch error.resultCode {
        case .SQLITE_FULL:
            self = .noSpace(operation: operation, path: path, reason: error.message ?? "the disk is full")
        case .SQLITE_READONLY:
            self = .readOnly(operation: operation, path: path)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            self = .fileSystem(operation: "use", path: path, reason: "\(error.extendedResultCode)")
        default:
            return nil
        }
    }
}
