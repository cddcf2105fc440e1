import FoundationEssentials
import Glibc
import ImageSpec
import Synchronization
import SystemPackage

/// Tells a person or a program how far a transfer is.
final class TransferProgress: Sendable {
    /// How often a terminal is drawn again, and a program is told the same layer's bytes.
    private static let interval = Duration.milliseconds(100)

    enum Form: Sendable {
        case none
        case lines
        case json
        case terminal
    }

    /// What a quiet transfer tells.
    enum QuietResult: Sendable {
        case name
        case digest
    }

    private let form: Form
    private let quietResult: QuietResult
    private let stream: FileDescriptor
    /// Protects what is shown, and the order of what is written: events come from several tasks.
    private let state = Mutex(State())

    private struct State {
        var screen = ProgressScreen()
        var lastDrawn: ContinuousClock.Instant?
        /// When a program was told last about a layer's bytes.
        var lastTold: [Digest: ContinuousClock.Instant] = [:]
    }

    /// - Parameter stream: where it is told.
    init(
        _ style: ProgressStyle,
        isQuiet: Bool,
        quietly quietResult: QuietResult = .name,
        on stream: FileDescriptor = .standardOutput
    ) {
        self.stream = stream
        self.quietResult = quietResult
        form =
            switch style {
            case _ where isQuiet: .none
            case .json: .json
            case .plain: .lines
            case .auto: Self.canDrawAgain(stream) ? .terminal : .lines
            }
    }

    /// Whether it is a terminal that can go back to a line above.
    private static func canDrawAgain(_ stream: FileDescriptor) -> Bool {
        guard isatty(stream.rawValue) == 1, let kind = getenv("TERM").map({ String(cString: $0) }) else { return false }
        return !kind.isEmpty && kind != "dumb"
    }

    /// Runs `body`, and draws the terminal while it does: rates and times change also when nothing comes.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        guard form == .terminal else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.interval * 2)
                    self.state.withLock { self.draw(&$0) }
                }
            }
            defer {
                group.cancelAll()
                state.withLock { draw(&$0, isLast: true) }
            }
            return try await body()
        }
    }

    /// A line for people.
    func note(_ line: String) {
        switch form {
        case .none, .json:
            break
        case .lines:
            write(line + "\n")
        case .terminal:
            state.withLock {
                $0.screen.note(line)
                draw(&$0, isLast: true)
            }
        }
    }

    /// A line for people about what went wrong, but isn't the end.
    func warn(_ line: String) {
        form == .terminal ? note(line) : Terminal.report(line)
    }

    func show(_ report: LayerReport) {
        switch form {
        case .none:
            break
        case .lines:
            guard !report.status.isRepeated else { return }
            write("\(report.layer.short): \(report.status.rawValue)\n")
        case .json:
            state.withLock { tell(report, &$0) }
        case .terminal:
            state.withLock {
                $0.screen.show(report, at: .now)
                draw(&$0)
            }
        }
    }

    /// The name of what was transferred, in whatever form.
    ///
    /// - Parameter sent: how many bytes were sent, for a program; nil when that isn't known.
    func result(name: String, digest: Digest, sent: Int64? = nil) {
        switch form {
        case .none: write((quietResult == .name ? name : "\(digest)") + "\n")
        case .json: write(Self.line(ResultLine(status: "Done", name: name, digest: "\(digest)", sent: sent)))
        case .lines, .terminal: note(name)
        }
    }

    private func draw(_ state: inout State, isLast: Bool = false) {
        let now = ContinuousClock.now
        if !isLast, let last = state.lastDrawn, now - last < Self.interval { return }
        state.lastDrawn = now
        var size = winsize()
        let isKnown = ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let (columns, rows) = isKnown ? (Int(size.ws_col), Int(size.ws_row)) : (80, 24)
        write(state.screen.frame(columns: columns, rows: rows, at: now))
    }

    private func tell(_ report: LayerReport, _ state: inout State) {
        if report.status.isRepeated {
            let now = ContinuousClock.now
            let isWhole = report.current == report.total
            if !isWhole, let last = state.lastTold[report.layer], now - last < Self.interval { return }
            state.lastTold[report.layer] = now
        }
        let line = LayerLine(
            layer: "\(report.layer)",
            status: report.status.rawValue,
            current: report.current,
            total: report.total
        )
        write(Self.line(line))
    }

    private static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ((try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}") + "\n"
    }

    private func write(_ text: String) {
        Terminal.write(text.utf8, to: stream)
    }

    private struct LayerLine: Encodable {
        let layer: String
        let status: String
        let current: Int64
        let total: Int64
    }

    private struct ResultLine: Encodable {
        let status: String
        let name: String
        let digest: String
        let sent: Int64?
    }
}
