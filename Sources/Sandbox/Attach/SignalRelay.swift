import CSandbox
import Glibc
import SystemPackage

/// The signals that this program gets while it stands for a container.
struct SignalRelay {
    /// All that docker passes on, but for those that stop and continue this program at its own terminal. A broken
    /// pipe is not passed on: it shows where it is written to.
    static let passedOn = [
        SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCONT, SIGWINCH, SIGIO, SIGPWR,
    ]

    /// Readable when a signal has come.
    let descriptor: Int32

    /// Begins to collect signals.
    ///
    /// - Throws: ``SandboxError/signalsRelayedAlready``.
    init(_ signals: [Int32] = passedOn) throws(SandboxError) {
        var reader: Int32 = -1
        let error = berth_relay_signals(signals, signals.count, &reader)
        guard error != EBUSY else { throw .signalsRelayedAlready }
        guard error == 0 else {
            throw .startFailed(step: "cannot relay signals", subject: "", Errno(rawValue: error))
        }
        descriptor = reader
    }

    /// Gives the signals back to whom they were for.
    func stop() {
        berth_stop_relaying_signals()
    }

    /// The signals that have come, in their order.
    func received() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return bytes.prefix(max(count, 0)).map(Int32.init)
    }
}
