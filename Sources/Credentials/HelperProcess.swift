import Glibc
import SystemPackage

/// Runs a credential helper to its end: a few words, some bytes in, some bytes out.
///
/// Input and output are nameless files in memory, not pipes: neither side can keep the other waiting, and no secret
/// touches a disk.
struct HelperProcess: Sendable {
    /// After how many bytes a helper that still prints is ended.
    private static let maximumOutput = 16 << 20

    struct Answer: Sendable {
        let status: Int32
        let text: String
    }

    let program: String
    let timeLimit: Duration
    /// In bytes; what is more is not read.
    let maximumAnswer: Int

    /// - Throws: ``CredentialError/helperNotStarted(_:_:)``, ``CredentialError/helperFailed(_:action:reason:)`` when its
    ///   time is over.
    func run(_ action: String, input: [UInt8]) async throws -> Answer {
        try await run([action], called: action, input: input)
    }

    /// - Parameter action: what the program does, for errors: its arguments may be secret.
    func run(_ arguments: [String], called action: String, input: [UInt8]) async throws -> Answer {
        let standardInput = try memoryFile()
        defer { try? standardInput.close() }
        let standardOutput = try memoryFile()
        defer { try? standardOutput.close() }
        do {
            try standardInput.writeAll(input)
            try standardInput.seek(offset: 0, from: .start)
        } catch {
            throw CredentialError.helperNotStarted(program, error as? Errno ?? .ioError)
        }
        let process = try start(arguments, standardInput, standardOutput)
        let status = try await end(of: process, action, output: standardOutput)
        return Answer(status: status, text: try content(of: standardOutput, action))
    }

    private func memoryFile() throws(CredentialError) -> FileDescriptor {
        let name = "/berth-\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
            let reason = "there is no memory for what it is told: \(Errno(rawValue: errno))"
            throw .helperFailed(program, action: "start", reason: reason)
        }
        shm_unlink(name)
        return FileDescriptor(rawValue: descriptor)
    }

    /// What the helper says on its standard error goes to ours: it may be talking with its user.
    private func start(
        _ words: [String],
        _ input: FileDescriptor,
        _ output: FileDescriptor
    ) throws(CredentialError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, program, &actions, nil, &arguments, environ)
        guard code == 0 else { throw .helperNotStarted(program, Errno(rawValue: code)) }
        return process
    }

    /// Waits without holding a thread; a helper that takes too long, or that nobody waits for any more, is killed.
    private func end(of process: pid_t, _ action: String, output: FileDescriptor) async throws -> Int32 {
        let deadline = ContinuousClock.now + timeLimit
        var pause = Duration.milliseconds(2)
        var status: Int32 = 0
        do {
            while waitpid(process, &status, WNOHANG) == 0 {
                guard ContinuousClock.now < deadline else {
                    throw CredentialError.helperFailed(
                        program,
                        action: action,
                        reason: "it did not end within \(timeLimit)"
                    )
                }
                // It would fill the memory.
                guard Self.size(of: output) <= Self.maximumOutput else {
                    throw CredentialError.helperFailed(program, action: action, reason: "it prints without end")
                }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .milliseconds(50))
            }
        } catch {
            kill(process, SIGKILL)
            while waitpid(process, nil, 0) == -1, errno == EINTR {}
            throw error
        }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private static func size(of file: FileDescriptor) -> Int {
        var status = stat()
        return fstat(file.rawValue, &status) == 0 ? Int(status.st_size) : 0
    }

    private func content(of file: FileDescriptor, _ action: String) throws(CredentialError) -> String {
        var bytes = [UInt8](repeating: 0, count: maximumAnswer)
        do {
            try file.seek(offset: 0, from: .start)
            let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
            return String(decoding: bytes[..<count], as: UTF8.self)
        } catch {
            throw .helperFailed(program, action: action, reason: "its answer can't be read: \(error)")
        }
    }
}
