import Glibc
import Synchronization
import SystemPackage

/// Held while a descriptor is open that a process started just then would inherit.
private let inheritance = Mutex<Void>(())

extension Command {
    /// Starts the process, in a process group of its own, with the three descriptors given.
    func spawn(input: FileDescriptor, output: FileDescriptor, error: FileDescriptor) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
        posix_spawn_file_actions_adddup2(&actions, error.rawValue, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var everySignal = sigset_t()
        sigfillset(&everySignal)
        posix_spawnattr_setsigdefault(&attributes, &everySignal)
        var noSignal = sigset_t()
        sigemptyset(&noSignal)
        posix_spawnattr_setsigmask(&attributes, &noSignal)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )

        var processID: pid_t = 0
        let variables = inheritedEnvironment().merging(environment) { $1 }.map { "\($0)=\($1)" }
        let words = workingFolder.map { ["env", "--chdir", $0.string, program] } ?? [program]
        let code = withArrayOfCStrings(words + arguments) { arguments in
            withArrayOfCStrings(variables) { variables in
                inheritance.withLock { _ in
                    keepDescriptors()
                    return posix_spawnp(&processID, words[0], &actions, &attributes, arguments, variables)
                }
            }
        }
        guard code == 0 else { throw CommandError.notStarted(description, Errno(rawValue: code)) }
        return processID
    }
}

/// Has no program inherit a test's own connections: they would stay open when the test closes them.
private func keepDescriptors() {
    for descriptor in 3..<1024 as Range<Int32> { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
}

extension Command.Input {
    /// Opens what the program is to read, and for a pipe the test's end.
    func open() throws -> (reading: FileDescriptor, writing: FileDescriptor?) {
        switch self {
        case .nothing:
            return (try .open("/dev/null", .readOnly, options: .closeOnExec), nil)
        case .file(let path):
            return (try .open(path, .readOnly, options: .closeOnExec), nil)
        case .bytes(let bytes):
            let file = try unnamedFile()
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
            return (file, nil)
        case .pipe:
            signal(SIGPIPE, SIG_IGN)
            return try inheritance.withLock { _ in
                let (reading, writing) = try FileDescriptor.pipe()
                for end in [reading, writing] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
                return (reading, writing)
            }
        }
    }
}

private func inheritedEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        next += 1
    }
    return variables
}

private func withArrayOfCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
