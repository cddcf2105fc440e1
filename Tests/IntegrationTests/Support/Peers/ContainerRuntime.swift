/// An OCI runtime that containers are run by instead of by berth's own sandbox.
enum ContainerRuntime: String, CaseIterable, Sendable, CustomStringConvertible {
    case runc, crun

    var description: String { rawValue }

    /// `command` where this runtime can work: crun refuses control groups of version 1 with a tree of version 2 beside
    /// them that has controllers, so it sees none of that.
    func seeing(_ command: Command) -> Command {
        guard self == .crun else { return command }
        let script = """
            if mountpoint -q /sys/fs/cgroup/unified; then
                umount /sys/fs/cgroup/unified && mount -t tmpfs none /sys/fs/cgroup/unified || exit 99
            fi
            exec "$@"
            """
        var wrapped = Command("unshare", ["--mount", "sh", "-c", script, "sh", command.program] + command.arguments)
        wrapped.environment = command.environment
        wrapped.input = command.input
        return wrapped
    }
}
