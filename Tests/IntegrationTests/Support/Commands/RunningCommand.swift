import Glibc
import Synchronization
import SystemPackage

/// A process that a test started.
///
/// What it prints goes to unnamed files, not pipes: they never fill up, and a daemon that keeps them open
/// keeps nobody waiting.
final class RunningCommand: Sendable {
    let processID: pid_t
    let command: Command
    private let standardOutput: FileDescriptor
    private let standardError: FileDescriptor
    private let input: Mutex<FileDescriptor?>
    /// Protects the one `waitpid` that reaps the process.
    private let ending = Mutex<ExitStatus?>(nil)

    init(_ command: Command) throws {
        self.command = command
        standardOutput = try unnamedFile()
        standardError = try unnamedFile()
        let (reading, writing) = try command.input.open()
        input = Mutex(writing)
        defer { try? reading.close() }
        processID = try command.spawn(input: reading, output: standardOutput, error: standardError)
    }

    deinit {
        try? standardOutput.close()
        try? standardError.close()
        input.withLock { try? $0?.close() }
    }

    /// What the program has printed until now.
    var outputSoFar: [UInt8] { contents(of: standardOutput) }
    var errorSoFar: [UInt8] { contents(of: standardError) }

    /// How the process ended; nil while it runs.
    var status: ExitStatus? {
        ending.withLock { known in
            var waitStatus: Int32 = 0
            if known == nil, waitpid(processID, &waitStatus, WNOHANG) == processID {
                known = ExitStatus(waitStatus: waitStatus)
            }
            return known
        }
    }

    /// Writes to the program's input, which must be ``Command/Input/pipe``.
    func write(_ bytes: [UInt8]) throws {
        _ = try input.withLock { try $0?.writeAll(bytes) }
    }

    /// Ends the program's input.
    func closeInput() throws {
        try input.withLock {
            try $0?.close()
            $0 = nil
        }
    }

    func send(signal: Int32) {
        // Once reaped, the number may be another process's.
        guard status == nil else { return }
        _ = Glibc.kill(processID, signal)
    }

    /// Waits for the end of the process.
    ///
    /// - Throws: ``CommandError/timedOut(_:limit:standardError:)``; the process runs on then.
    @discardableResult
    func result(within limit: Duration) async throws -> CommandResult {
        guard let status = try await poll(within: limit, { self.status }) else {
            throw CommandError.timedOut(
                command.description,
                limit: limit,
                standardError: String(decoding: errorSoFar, as: UTF8.self)
            )
        }
        return CommandResult(status: status, standardOutput: outputSoFar, standardError: errorSoFar)
    }

    /// Asks the process to end by SIGTERM; when it doesn't within `patience`, kills it.
    func stop(patience: Duration = .seconds(20)) async {
        send(signal: SIGTERM)
        if (try? await result(within: patience)) == nil { await kill() }
    }

    /// Ends the process, and those of its children that are still in its process group, by SIGKILL.
    func kill() async {
        if status == nil { _ = Glibc.kill(-processID, SIGKILL) }
        // Not cancellable: the caller may be on its way out because it was cancelled.
        await Task.detached { _ = try? await self.result(within: .seconds(10)) }.value
    }

    /// Waits until `condition` gives a value.
    ///
    /// - Throws: ``CommandError/neverReady(_:awaited:standardOutput:standardError:)`` when the process ends before or
    ///   `limit` is over.
    @discardableResult
    func wait<Value: Sendable>(
        for awaited: String,
        within limit: Duration = .seconds(30),
        _ condition: @Sendable () async throws -> Value?
    ) async throws -> Value {
        let outcome: Value?? = try await poll(within: limit) {
            if let value = try await condition() { return .some(value) }
            return self.status == nil ? nil : .some(nil)
        }
        guard case .some(.some(let value)) = outcome else {
            throw CommandError.neverReady(
                command.description,
                awaited: awaited,
                standardOutput: String(decoding: outputSoFar, as: UTF8.self),
                standardError: String(decoding: errorSoFar, as: UTF8.self)
            )
        }
        return value
    }

    /// Waits for a whole line of standard output that begins with `prefix`, and gives what stands behind it.
    func line(after prefix: String, within limit: Duration = .seconds(30)) async throws -> String {
        try await wait(for: "print '\(prefix)'", within: limit) {
            let text = String(decoding: self.outputSoFar, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            return lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
    }

    /// The most memory that the process has had resident so far, in bytes; nil when it has ended.
    var peakResidentMemory: Int? {
        let status = try? contents(ofFileAt: FilePath("/proc/\(processID)/status"))
        let lines = String(decoding: status ?? [], as: UTF8.self).split(separator: "\n")
        let kibibytes = lines.first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return kibibytes.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
