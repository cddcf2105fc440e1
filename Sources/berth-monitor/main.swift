import Glibc
import Sandbox
import SystemPackage

// Started by berth, never by hand: with a container's folder, and its first client's socket at descriptor 3.
guard CommandLine.arguments.count == 2, fcntl(3, F_SETFD, FD_CLOEXEC) == 0 else {
    let explanation = "berth-monitor: it stays with a container that berth runs, and is started by berth only\n"
    _ = try? FileDescriptor.standardError.writeAll(Array(explanation.utf8))
    exit(125)
}
// Its own program, which nobody needs any more.
close(4)
umask(0o077)
chdir("/")
signal(SIGPIPE, SIG_IGN)
Monitor.run(in: FilePath(CommandLine.arguments[1]), first: 3)
