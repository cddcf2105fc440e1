import Glibc

/// A signal as docker takes it: `TERM`, `SIGTERM` or `15`.
struct SignalName {
    private static let numbers: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "ILL": SIGILL, "TRAP": SIGTRAP, "ABRT": SIGABRT, "BUS": SIGBUS,
        "FPE": SIGFPE, "KILL": SIGKILL, "USR1": SIGUSR1, "SEGV": SIGSEGV, "USR2": SIGUSR2, "PIPE": SIGPIPE,
        "ALRM": SIGALRM, "TERM": SIGTERM, "STKFLT": 16, "CHLD": SIGCHLD, "CONT": SIGCONT, "STOP": SIGSTOP,
        "TSTP": SIGTSTP, "TTIN": SIGTTIN, "TTOU": SIGTTOU, "URG": SIGURG, "XCPU": SIGXCPU, "XFSZ": SIGXFSZ,
        "VTALRM": SIGVTALRM, "PROF": SIGPROF, "WINCH": SIGWINCH, "IO": SIGIO, "PWR": SIGPWR, "SYS": SIGSYS,
        "RTMIN": 34, "RTMAX": 64,
    ]

    let number: Int32

    /// - Throws: ``ContainerOptionError/unknownSignal(_:)``.
    init(_ text: String) throws(ContainerOptionError) {
        let name = text.uppercased()
        if let number = Int32(text), (1...64).contains(number) {
            self.number = number
        } else if let number = Self.numbers[name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name] {
            self.number = number
        } else if let number = Self.realTime(name) {
            self.number = number
        } else {
            throw .unknownSignal(text)
        }
    }

    /// Such as `RTMIN+3`.
    private static func realTime(_ name: String) -> Int32? {
        let parts = name.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 2, ["RTMIN", "SIGRTMIN"].contains(parts[0]), let offset = Int32(parts[1]),
            (0...30).contains(offset)
        else { return nil }
        return 34 + offset
    }
}
