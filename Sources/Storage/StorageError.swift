import ImageSpec

/// What storing and finding can fail with.
package enum StorageError: Error, Sendable, Equatable {
    /// A file operation failed: `operation` on `path` with the system's own words.
    case fileSystem(operation: String, path: String, reason: String)
    /// An upload's file is shorter than what was acknowledged of it.
    case uploadTruncated(UploadID, expected: Int64, found: Int64)
    /// A row holds what no version of Berth writes.
    case corruptRow(table: String, reason: String)
    /// The data folder was written by a newer Berth.
    case schemaTooNew
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fileSystem(let operation, let path, let reason):
            "can't \(operation) '\(path)': \(reason)"
        case .uploadTruncated(let id, let expected, let found):
            "upload \(id) should hold \(expected) bytes, but its file has \(found); it must be started again"
        case .corruptRow(let table, let reason):
            "a row of the table '\(table)' can't be read: \(reason); restore the database from a backup"
        case .schemaTooNew:
            "the data folder was written by a newer version of Berth; run that version or a newer one"
        }
    }
}
