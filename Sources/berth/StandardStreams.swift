import Glibc

/// What this program was started with, put in order before anything relies on it.
enum StandardStreams {
    static func prepare() {
        // A stream that the caller has closed would be the next file that we open.
        for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
        // Python, for one, has its children ignore it, and the writer to a closed pipe would write on.
        signal(SIGPIPE, SIG_DFL)
        // A caller that ignores the end of its children has us ignore it too, and then nobody learns an exit status.
        signal(SIGCHLD, SIG_DFL)
    }
}
