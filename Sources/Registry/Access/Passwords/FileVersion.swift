import Glibc
import SystemPackage

/// What tells a file from what it was before: nothing of it is the same when it is written to or replaced.
struct FileVersion: Hashable, Sendable {
    private let numbers: [Int64]

    /// nil when it can't be looked at.
    init?(_ path: FilePath) {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        numbers = [
            Int64(bitPattern: UInt64(status.st_dev)), Int64(bitPattern: UInt64(status.st_ino)), Int64(status.st_size),
            Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
        ]
    }
}
