import GRDB

extension StorageError {
    /// What the database failed with, when it is the disk's fault; nil for any other error.
    package init?(_ error: any Error) {
        if let error = error as? StorageError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else { return nil }
        let (operation, path) = ("write to", "registry.sqlite")
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
