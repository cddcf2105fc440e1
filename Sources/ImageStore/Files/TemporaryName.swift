import Glibc

/// The name of a temporary file: the process that made it, by its number and where that number counts, and chance.
///
/// So what a killed process left behind can be told from what a living one works on.
struct TemporaryName: Sendable, Equatable {
    let rawValue: String

    static func new() -> TemporaryName {
        let chance = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        return TemporaryName(rawValue: "\(getpid())-\(processNamespace)-\(chance)")
    }

    /// Whether the process that made it is known to have ended; false for names of another form, and for those made
    /// where processes are numbered apart, as in another container that shares the store.
    var isOrphaned: Bool {
        let parts = rawValue.split(separator: "-")
        guard parts.count == 3, let process = pid_t(parts[0]), process > 0, parts[1] == Self.processNamespace else {
            return false
        }
        return kill(process, 0) == -1 && errno == ESRCH
    }

    /// The inode number of this process's PID namespace.
    private static let processNamespace: String = {
        var status = stat()
        return stat("/proc/self/ns/pid", &status) == 0 ? "\(status.st_ino)" : "0"
    }()
}
