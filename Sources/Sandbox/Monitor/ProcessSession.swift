import CSandbox
import Glibc

/// One process of a container as its monitor has it: its streams, its log, and the clients that are attached.
final class ProcessSession {
    private static let inputRoom = 64 << 10

    let process: StartedProcess
    private var input: InputPump?
    private var outputs: [OutputPump]
    private let terminal: Int32?
    private let log: ContainerLog?
    /// Whether its input ends with that of the client that began it.
    private let inputEndsWithClient: Bool
    var clients: [MonitorClient] = []
    /// Sees all that the process writes.
    var onOutput: ((ArraySlice<UInt8>) -> Void)?
    /// Set once the process has ended.
    private(set) var status: ExitStatus?

    init(_ started: RunningProcess, log: ContainerLog?, inputEndsWithClient: Bool) {
        process = started.process
        terminal = started.streams.terminal
        input = started.streams.input.map { InputPump($0) }
        outputs = started.streams.outputs.map { OutputPump($0.descriptor, $0.stream, isTerminal: $0.isTerminal) }
        self.log = log
        self.inputEndsWithClient = inputEndsWithClient
    }

    var hasRoomForInput: Bool { (input?.pendingCount ?? 0) < Self.inputRoom }

    /// When to look again whether a terminal that all had closed was opened anew.
    var deadline: Deadline? { outputs.compactMap(\.deadline).min() }

    func addInterests(to set: inout PollSet) {
        if status == nil {
            set.add(process.descriptor, POLLIN) { [self] in status = try? process.wait() }
        }
        input?.addInterest(to: &set)
        guard !clients.contains(where: \.holdsUpProcess) else { return }
        for output in outputs {
            output.addInterest(to: &set) { [self] bytes in pass(bytes, from: output.stream) }
        }
    }

    /// Waits for the process, which has been killed.
    func waitForEnd() {
        if status == nil { status = try? process.wait() }
    }

    func receive(_ frame: MonitorFrame, from client: MonitorClient) {
        switch frame {
        case .input(let bytes) where client.attachment?.input == true: input?.append(bytes)
        case .endOfInput where client.attachment?.input == true && inputEndsWithClient && terminal == nil:
            input?.end()
        case .windowSize(let rows, let columns): resize(WindowSize(rows: rows, columns: columns))
        case .signal(let signal): send(signal)
        case .brokenOutput(let stream) where client.attachment?.isPaced == true: breakOutput(stream)
        default: break
        }
    }

    func send(_ signal: Int32) {
        if status == nil { process.signal(signal) }
    }

    func resize(_ size: WindowSize) {
        if let terminal { _ = berth_set_window_size(terminal, size.rows, size.columns) }
    }

    func clientLeft(_ client: MonitorClient) {
        clients.removeAll { $0 === client }
        let hadInput = client.attachment?.input == true && client.attachment?.isPaced == true
        if hadInput, inputEndsWithClient, terminal == nil { input?.end() }
    }

    /// Whether it has ended, and all that it wrote is passed on.
    var isDrained: Bool { status != nil && outputs.allSatisfy { !$0.isOpen } }

    /// Passes on what is there at this moment, and lets go of the streams.
    func drain() {
        for output in outputs { output.drain { [self] bytes in pass(bytes, from: output.stream) } }
        outputs = []
        input = nil
    }

    private func pass(_ bytes: ArraySlice<UInt8>, from stream: OutputStream) {
        log?.append(bytes, from: stream)
        onOutput?(bytes)
        guard !clients.isEmpty else { return }
        let frame = MonitorFrame.output(stream, Array(bytes)).encoded
        for client in clients where client.attachment?.outputs.contains(stream) == true {
            client.send(encoded: frame[...])
        }
    }

    /// Lets the process learn that nobody reads what it writes: by SIGPIPE, or, at a terminal, where there is none, by
    /// its end.
    private func breakOutput(_ stream: OutputStream) {
        guard terminal == nil else { return send(SIGKILL) }
        for output in outputs where output.stream == stream { output.close() }
    }
}
