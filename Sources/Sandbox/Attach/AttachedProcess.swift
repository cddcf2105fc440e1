import CSandbox
import FoundationEssentials
import Glibc

/// A process of a container that the caller's streams are attached to.
package final class AttachedProcess {
    /// How it came to the end of that.
    package enum End: Sendable, Equatable {
        /// The process has ended with this status.
        case exited(Int32)
        /// The caller's user has left, and lets it run on.
        case detached
    }

    /// As docker's client: whoever asks so often means it.
    private static let requestsBeforeKill = 3
    private static let chunk = 64 << 10

    private let connection: MonitorConnection
    private let streams: ContainerStreams
    private let hasTerminal: Bool
    private let signals: SignalRelay?
    private let terminal: CallerTerminal?
    private var input: Int32?
    private var detachKeys: DetachKeys.Watch
    private var requestsToEnd = 0
    private var brokenOutputs: Set<OutputStream> = []

    /// - Parameters:
    ///   - connection: at which the monitor has accepted already.
    ///   - signals: those of this program, which are the container's now; nil for none.
    init(
        _ connection: MonitorConnection,
        streams: ContainerStreams,
        hasTerminal: Bool,
        detachKeys: DetachKeys,
        signals: SignalRelay?
    ) {
        self.connection = connection
        self.streams = streams
        self.hasTerminal = hasTerminal
        self.signals = signals
        self.detachKeys = DetachKeys.Watch(hasTerminal ? detachKeys : .none)
        input = streams.input
        terminal = hasTerminal ? streams.input.map(CallerTerminal.init) : nil
    }

    /// Passes on what is typed, shown and signalled until the process ends or the user leaves.
    ///
    /// - Throws: ``SandboxError/monitorEnded(_:)``, and what the monitor said.
    package func run() throws -> End {
        // What is typed goes to the container, Ctrl-C and all.
        terminal?.makeRaw()
        defer { terminal?.restore() }
        while true {
            if let end = try receive() { return end }
            var isDetached = false
            var set = PollSet()
            set.add(connection.socket, POLLIN | (connection.hasUnsent ? POLLOUT : 0)) { [self] in connection.exchange()
            }
            if let input, !connection.hasUnsent { set.add(input, POLLIN) { [self] in isDetached = passInput(input) } }
            if let signals { set.add(signals.descriptor, POLLIN) { [self] in signals.received().forEach(pass) } }
            set.wait(until: nil)
            if isDetached { return .detached }
        }
    }

    /// Shows what has come; the end, if that has.
    private func receive() throws -> End? {
        while let frame = try connection.next() {
            switch frame {
            case .output(let stream, let bytes): show(bytes, on: stream)
            case .exited(let status): return .exited(status)
            case .failed(let bytes): throw MonitorConnection.error(bytes)
            default: break
            }
        }
        return nil
    }

    private func show(_ bytes: [UInt8], on stream: OutputStream) {
        guard !brokenOutputs.contains(stream) else { return }
        let descriptor = stream == .standardOutput ? streams.output : streams.error
        guard !writeAll(bytes[...], to: descriptor) else { return }
        brokenOutputs.insert(stream)
        connection.send(.brokenOutput(stream))
    }

    /// Whether the user has left.
    private func passInput(_ descriptor: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        guard count > 0 else {
            input = nil
            connection.send(MonitorFrame.endOfInput)
            return false
        }
        let (passed, isDetached) = detachKeys.pass(bytes[..<count])
        if !passed.isEmpty { connection.send(.input(passed)) }
        return isDetached
    }

    private func pass(_ signal: Int32) {
        switch signal {
        // It shows where it is written to.
        case SIGPIPE: return
        case SIGWINCH:
            // The kernel tells the programs at the terminal itself.
            guard hasTerminal, let size = WindowSize(of: streams) else {
                return connection.send(MonitorFrame.signal(signal))
            }
            connection.send(.windowSize(rows: size.rows, columns: size.columns))
        default:
            if signal == SIGTERM || signal == SIGINT { requestsToEnd += 1 }
            connection.send(MonitorFrame.signal(requestsToEnd >= Self.requestsBeforeKill ? SIGKILL : signal))
        }
    }
}

extension WindowSize {
    /// Of the terminal among the streams, if there is one.
    init?(of streams: ContainerStreams) {
        if let input = streams.input, let size = WindowSize(of: input) {
            self = size
        } else if let size = WindowSize(of: streams.output) {
            self = size
        } else {
            return nil
        }
    }
}
