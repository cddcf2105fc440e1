import ImageSpec
import SystemPackage

/// What storing and finding can fail with.
package enum StorageError: Error, Sendable, Equatable {
    /// A file operation failed: `operation` on `path` with the system's own words.
    case fileSystem(operation: String, path: String, reason: String)
    /// There is no room: the disk, or what its user may have of it, is full.
    case noSpace(operation: String, path: String, reason: String)
    /// The file system takes no writes.
    case readOnly(operation: String, path: String)
    /// A blob's bytes are not there any more, or not all of them.
    case bytesLost(path: String, reason: String)
    /// An upload's file is shorter than what was acknowledged of it.
    case uploadTruncated(UploadID, expected: Int64, found: Int64)
    /// A row holds what no version of Berth writes.
    case corruptRow(table: String, reason: String)
    /// The data folder was written by a newer Berth.
    case schemaTooNew
    /// The data folder was written by an older Berth, and may only be read now.
    case schemaTooOld
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fileSystem(let operation, let path, let reason):
            "can't \(operation) '\(path)': \(reason)"
        case .noSpace(let operation, let path, let reason):
            "can't \(operation) '\(path)': \(reason); make room on its disk"
        case .readOnly(let operation, let path):
            "can't \(operation) '\(path)': its file system is read-only; mount it to be written to"
        case .bytesLost(let path, let reason):
            "the blob at '\(path)' has lost its bytes: \(reason); push it again, or restore it from a backup"
        case .uploadTruncated(let id, let expected, let found):
            "upload \(id) should hold \(expected) bytes, but its file has \(found); it must be started again"
        case .corruptRow(let table, let reason):
            "a row of the table '\(table)' can't be read: \(reason); restore the database from a backup"
        case .schemaTooNew:
            "the data folder was written by a newer version of Berth; run that version or a newer one"
        case .schemaTooOld:
            "the data folder was written by an older version of Berth; start this version's server on it first"
        }
    }
}

extension StorageError {
    /// What the system's `error` means for whoever wants something stored.
    init(_ error: Errno, during operation: String, of path: FilePath) {
        self =
            switch error {
            case .noSpace, .diskQuotaExceeded, .fileTooLarge:
                .noSpace(operation: operation, path: path.string, reason: error.description)
            case .readOnlyFileSystem:
                .readOnly(operation: operation, path: path.string)
            default:
                .fileSystem(operation: operation, path: path.string, reason: error.description)
            }
    }
}
