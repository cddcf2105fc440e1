import SystemPackage

/// What went wrong with a program that a test runs.
enum CommandError: Error {
    case notStarted(String, Errno)
    case failed(String, status: ExitStatus, standardError: String)
    case timedOut(String, limit: Duration, standardError: String)
    /// It ended, or its time was over, before it said or did what the test waits for.
    case neverReady(String, awaited: String, standardOutput: String, standardError: String)
}

extension CommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notStarted(let command, let errno):
            "could not start '\(command)': \(errno)"
        case .failed(let command, let status, let standardError):
            "'\(command)' \(status):\n\(standardError)"
        case .timedOut(let command, let limit, let standardError):
            "'\(command)' did not end within \(limit):\n\(standardError)"
        case .neverReady(let command, let awaited, let standardOutput, let standardError):
            "'\(command)' never came to \(awaited):\n\(standardOutput)\n\(standardError)"
        }
    }
}
