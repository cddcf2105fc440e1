import SystemPackage

/// A program to run: with which arguments, environment, input, working folder and time.
///
/// ```swift
/// let version = try await Command("skopeo", "--version").output()
/// ```
struct Command: Sendable {
    /// What the program reads from its standard input.
    enum Input: Sendable {
        case nothing
        case bytes([UInt8])
        case file(FilePath)
        /// What the test writes while the program runs: see ``RunningCommand/write(_:)``.
        case pipe
    }

    /// A path, or a name to be looked up in `PATH`.
    var program: String
    var arguments: [String]
    /// Set over the test's own environment.
    var environment: [String: String] = [:]
    var workingFolder: FilePath?
    var input: Input = .nothing
    /// How long ``run()`` waits before it kills the program.
    var timeLimit: Duration = .seconds(60)

    init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    init(_ program: String, _ arguments: String...) {
        self.init(program, arguments)
    }

    /// Starts the program and leaves it running.
    func start() throws -> RunningCommand {
        try RunningCommand(self)
    }

    /// Runs the program to its end, whatever its exit status.
    ///
    /// - Throws: ``CommandError/timedOut(_:limit:standardError:)`` after ``timeLimit``; the program is killed then.
    func run() async throws -> CommandResult {
        let running = try start()
        do {
            return try await running.result(within: timeLimit)
        } catch {
            await running.kill()
            throw error
        }
    }

    /// Runs the program, which must succeed, and gives what it printed, without the last line's end.
    ///
    /// - Throws: ``CommandError/failed(_:status:standardError:)`` when its exit status isn't 0.
    @discardableResult
    func output() async throws -> String {
        let result = try await run()
        guard result.status == .exited(0) else {
            throw CommandError.failed(description, status: result.status, standardError: result.errorText)
        }
        let text = result.text
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}

extension Command: CustomStringConvertible {
    var description: String { ([program] + arguments).joined(separator: " ") }
}
