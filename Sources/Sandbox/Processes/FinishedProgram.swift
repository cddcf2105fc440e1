import Glibc
import SystemPackage

/// A program of the host's that was run to its end, and what it said on its standard error.
struct FinishedProgram {
    let status: Int32
    let text: String

    /// Runs the program at `path`; it may leave a process in the background.
    ///
    /// - Parameter maximumWords: how much of what it says is kept, in bytes.
    /// - Throws: ``SandboxError/startFailed(step:subject:_:)``.
    init(_ path: String, _ arguments: [String], maximumWords: Int) throws {
        // A file takes what comes after its end, too, where a pipe would have to be waited for.
        var template = Array("/tmp/berth-XXXXXX".utf8CString)
        let output = mkstemp(&template)
        guard output >= 0 else { throw SandboxError.startFailed(step: "cannot run", subject: path, .current) }
        defer { close(output) }
        unlink(template)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // What this process ignores, the program would ignore, too.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let strings = CStrings()
        let words = strings.list([path] + arguments)
        var process: pid_t = 0
        let error = words.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self, capacity: arguments.count + 2) {
            posix_spawn(&process, path, &actions, &attributes, $0, environ)
        }
        guard error == 0 else {
            throw SandboxError.startFailed(step: "cannot run", subject: path, Errno(rawValue: error))
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        withExtendedLifetime(strings) {}
        // As a shell says it.
        self.status = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        var bytes = [UInt8](repeating: 0, count: maximumWords)
        let count = bytes.withUnsafeMutableBytes { pread(output, $0.baseAddress, $0.count, 0) }
        text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n").joined(separator: "; ")
    }
}
