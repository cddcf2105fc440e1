/// How a process ended.
enum ExitStatus: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)

    /// Reads what `waitpid` gave.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal: signal)
    }
}

extension ExitStatus: CustomStringConvertible {
    var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .killed(let signal): "was killed by signal \(signal)"
        }
    }
}
