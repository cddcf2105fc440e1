import CConfinement
import Glibc
import SystemPackage

/// Both ends of a pipe, which no program that is started inherits.
struct Pipe {
    let reader: FileDescriptor
    let writer: FileDescriptor

    init() throws(TreeFailure) {
        var ends: [Int32] = [-1, -1]
        guard berth_pipe(&ends) == 0 else { throw TreeFailure("no pipe: \(Errno(rawValue: errno))") }
        reader = FileDescriptor(rawValue: ends[0])
        writer = FileDescriptor(rawValue: ends[1])
    }

    func close() {
        try? reader.close()
        try? writer.close()
    }
}

/// Runs `body`, in which this thread gets an error, and not a signal, for what it writes to a pipe that nobody reads.
func withBrokenPipesAsErrors<Value>(_ body: () throws -> Value) rethrows -> Value {
    var brokenPipe = sigset_t()
    var before = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
    defer {
        // The one that waits now was this thread's doing.
        var none = timespec()
        if sigismember(&before, SIGPIPE) == 0 { while sigtimedwait(&brokenPipe, nil, &none) == SIGPIPE {} }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
}
