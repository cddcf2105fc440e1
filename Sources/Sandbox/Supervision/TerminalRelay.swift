import CSandbox
import Glibc

/// Carries bytes between the caller's streams and a container's terminal.
final class TerminalRelay {
    private static let chunk = 64 << 10
    /// In milliseconds: how soon to look whether anyone has opened a terminal again that all had closed.
    private static let hangUpPause: Int32 = 200

    private let terminal: Int32
    private let output: Int32
    private var input: Int32?
    /// Typed, but not taken by the terminal yet.
    private var pending: [UInt8] = []
    private var isHungUp = false
    /// Whether the caller's output has gone away.
    private(set) var isOutputBroken = false
    private let caller: CallerTerminal?

    /// Takes `terminal` over, and closes it in the end; the streams are borrowed.
    init(_ terminal: Int32, streams: ContainerStreams) {
        self.terminal = terminal
        input = streams.input
        output = streams.output
        caller = streams.input.map(CallerTerminal.init)
        // A program that doesn't read must not keep us from its output.
        _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(terminal)
    }

    /// Lets what is typed through to the container, Ctrl-C and all.
    func begin() {
        caller?.makeRaw()
    }

    func end() {
        caller?.restore()
    }

    /// Makes the container's terminal as large as the caller's, if that has one.
    func copyWindowSize() {
        if let input, berth_copy_window_size(input, terminal) == 0 { return }
        _ = berth_copy_window_size(output, terminal)
    }

    /// The terminal, then the input; those that are of no interest now are -1.
    var interests: [pollfd] {
        let events = POLLIN | (pending.isEmpty ? 0 : POLLOUT)
        return [
            pollfd(fd: isHungUp ? -1 : terminal, events: Int16(events), revents: 0),
            pollfd(fd: pending.isEmpty ? input ?? -1 : -1, events: Int16(POLLIN), revents: 0),
        ]
    }

    /// How long to wait at most, in milliseconds; nil for as long as it takes.
    var pause: Int32? { isHungUp ? Self.hangUpPause : nil }

    /// Acts on what ``interests`` came back with.
    func advance(_ descriptors: ArraySlice<pollfd>) {
        guard let first = descriptors.first, let last = descriptors.last else { return }
        if isHungUp || first.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { isHungUp = !copyOutput() }
        if last.revents != 0 { readInput() }
        if !pending.isEmpty { writePending() }
    }

    /// Passes on what the ended processes have left in the terminal.
    func drain() {
        // The last byte is followed by EIO, once every process has let go.
        var descriptor = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while poll(&descriptor, 1, Self.hangUpPause) > 0, copyOutput() {}
    }

    /// False when no one holds the container's side any more.
    private func copyOutput() -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = bytes.withUnsafeMutableBytes { read(terminal, $0.baseAddress, $0.count) }
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        if !isOutputBroken { isOutputBroken = !writeAll(bytes[..<count], to: output) }
        return true
    }

    private func readInput() {
        guard let input else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
        if count > 0 {
            pending = Array(bytes[..<count])
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            self.input = nil
        }
    }

    private func writePending() {
        let count = pending.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
        if count > 0 { pending.removeFirst(count) }
        if count < 0, errno != EAGAIN, errno != EINTR { pending = [] }
    }
}
