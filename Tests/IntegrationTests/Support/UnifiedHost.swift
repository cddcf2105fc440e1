import SystemPackage

/// This host as if it had control groups of version 2 only, and nobody used those of version 1.
///
/// Controllers that version 1 has are missing then; what needs none, such as holding and ending all processes, is there.
enum UnifiedHost {
    private static let script = """
        umount -R -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup || exit 99
        exec "$@"
        """

    /// `command` where it sees the host so.
    static func seeing(_ command: Command) -> Command {
        var wrapped = Command(
            "unshare",
            ["--mount", "--propagation", "private", "sh", "-c", script, "sh", command.program] + command.arguments
        )
        wrapped.environment = command.environment
        wrapped.input = command.input
        return wrapped
    }

    /// The controllers that there are.
    static func controllers() async throws -> Set<Substring> {
        let list = try await seeing(Command("cat", "/sys/fs/cgroup/cgroup.controllers")).output()
        return Set(list.split(separator: " "))
    }
}
