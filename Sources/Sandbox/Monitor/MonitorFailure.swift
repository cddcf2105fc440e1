import SystemPackage

/// Why a monitor could not do what it was asked, for another process to tell.
enum MonitorFailure: Codable, Error {
    case commandNotFound(String)
    case commandNotExecutable(String, Int32)
    /// What the child could not do before it became the program: the step, on what, and why.
    case startFailed(String, String, Int32)
    case limitNotPossible(String)
    case containerIsNotRunning(String)
    case containerIsPaused(String)
    case unknownUser(String)
    case unknownGroup(String)
    case other(String)

    init(_ error: any Error) {
        switch error {
        case SandboxError.commandNotFound(let command): self = .commandNotFound(command)
        case SandboxError.commandNotExecutable(let command, let error):
            self = .commandNotExecutable(command, error.rawValue)
        case SandboxError.startFailed(let step, let subject, let error):
            self = .startFailed(step, subject, error.rawValue)
        case SandboxError.limitNotPossible(let limit): self = .limitNotPossible(limit)
        case SandboxError.containerIsNotRunning(let name): self = .containerIsNotRunning(name)
        case SandboxError.containerIsPaused(let name): self = .containerIsPaused(name)
        case SandboxError.unknownUser(let name): self = .unknownUser(name)
        case SandboxError.unknownGroup(let name): self = .unknownGroup(name)
        default: self = .other("\(error)")
        }
    }

    var error: SandboxError {
        switch self {
        case .commandNotFound(let command): .commandNotFound(command)
        case .commandNotExecutable(let command, let code): .commandNotExecutable(command, Errno(rawValue: code))
        case .startFailed(let step, let subject, let code):
            .startFailed(step: step, subject: subject, Errno(rawValue: code))
        case .limitNotPossible(let limit): .limitNotPossible(limit)
        case .containerIsNotRunning(let name): .containerIsNotRunning(name)
        case .containerIsPaused(let name): .containerIsPaused(name)
        case .unknownUser(let name): .unknownUser(name)
        case .unknownGroup(let name): .unknownGroup(name)
        case .other(let message): .refusedByMonitor(message)
        }
    }
}
