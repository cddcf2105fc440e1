import FoundationEssentials
import Glibc
import SystemPackage

/// One container's runtime, and what the two have between them: the folder `runtime` in the container's folder, with the
/// bundle's `config.json`, the runtime's own state, its log, and the numbers of processes that it has started.
///
/// The runtime only starts processes. They are the monitor's children once it has ended, and the monitor waits for them,
/// signals them and passes on what they write as with those of berth's own sandbox.
struct ContainerRuntime {
    /// In seconds: how long a command of the runtime may take.
    private static let patience = 120.0

    let container: Container
    let program: RuntimeProgram

    /// Nil where berth's own sandbox runs the container.
    init?(of container: Container) {
        guard let program = container.configuration.runtime else { return nil }
        self.container = container
        self.program = program
    }

    var folder: FilePath { container.folder.appending("runtime") }
    private var stateFolder: FilePath { folder.appending("state") }
    private var log: RuntimeLog { RuntimeLog(path: folder.appending("log.json")) }
    private var processFile: FilePath { folder.appending("pid") }

    // MARK: Its commands

    /// Starts a command of the runtime.
    func begin(
        _ arguments: [String],
        root: Container? = nil,
        streams: ContainerStreams = ContainerStreams(input: nil, output: -1, error: -1)
    ) throws -> StartedProcess {
        log.clear()
        let global = ["--root", stateFolder.string, "--log", log.path.string, "--log-format", "json"]
        return try StartedProcess(
            RuntimePlan(program, arguments: global + arguments, root: root, streams: streams)
        )
    }

    /// Waits for a command's end.
    ///
    /// - Parameter command: the program that is to run by it, for the error.
    func finish(_ started: StartedProcess, command: String? = nil) throws {
        var end = pollfd(fd: started.descriptor, events: Int16(POLLIN), revents: 0)
        let deadline = Deadline.after(seconds: Self.patience)
        while poll(&end, 1, deadline.millisecondsLeft) < 0, errno == EINTR {}
        guard end.revents != 0 else {
            throw SandboxError.runtimeFailed(program.name, "it didn't come to an end within \(Self.patience) s")
        }
        let status = try started.wait()
        guard status != .exited(0) else { return }
        let complaint = log.complaint ?? "it ended with status \(status.code), and without a word"
        throw SandboxError(program, complaint: complaint, command: command)
    }

    /// Runs a command that starts no process.
    func run(_ arguments: [String]) throws {
        let started = try begin(arguments)
        try started.execute(as: ProcessIdentity(user: 0, group: 0, supplementaryGroups: [], home: "/"))
        try finish(started)
    }

    /// The process that the runtime has just started.
    func startedProcess() throws -> StartedProcess {
        guard let number = KernelFile(processFile).number, let process = pid_t(exactly: number), process > 0 else {
            throw SandboxError.runtimeFailed(program.name, "it didn't say which process it has started")
        }
        return try StartedProcess(adopting: process)
    }

    // MARK: What it is given

    /// Makes the folder, with nothing in it of an earlier start.
    func prepareFolder() throws {
        delete()
        if access(folder.string, F_OK) == 0 { try removeTree(folder) }
        try makeFolder(folder, mode: 0o700)
        try makeFolder(stateFolder, mode: 0o700)
    }

    /// The options that every command has which starts a process.
    func options(console: RuntimeConsole?) -> [String] {
        unlink(processFile.string)
        return ["--pid-file", processFile.string] + (console.map { ["--console-socket", $0.address] } ?? [])
    }

    @discardableResult
    func write(_ value: some Encodable, as name: String) throws -> FilePath {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let path = folder.appending(name)
        try replaceFile(at: path, with: [UInt8](try encoder.encode(value)), isDurable: false)
        return path
    }

    // MARK: The end

    /// Buries what the runtime has left behind and has ended by now: a container whose processes have parents that don't
    /// do so never comes to its end.
    ///
    /// - Parameter known: the processes that somebody waits for.
    func buryStrays(except known: [pid_t]) {
        let children = KernelFile(FilePath("/proc/self/task/\(getpid())/children")).text ?? ""
        for child in children.split(separator: " ").compactMap({ pid_t($0) }) where !known.contains(child) {
            waitpid(child, nil, WNOHANG)
        }
    }

    /// Lets the runtime undo what it has made, and end what still runs; nothing, where it has nothing.
    func delete() {
        guard let names = try? names(in: stateFolder), names.contains(where: { $0.contains(container.id.rawValue) })
        else { return }
        try? run(["delete", "--force", container.id.rawValue])
    }

    /// The same where the runtime may have been killed in the middle, and knows of nothing.
    func reap() {
        delete()
        ContainerCgroup.everywhere(of: container.id)?.remove()
    }
}
