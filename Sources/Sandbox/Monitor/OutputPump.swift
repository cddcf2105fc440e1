import Glibc

/// Reads what a process writes.
final class OutputPump {
    private static let chunk = 64 << 10
    /// In seconds: how soon to look whether anyone has opened a terminal again that all had closed.
    private static let hangUpPause = 0.2
    /// In milliseconds: for how long a terminal that nobody holds any more may have more to say.
    private static let patience: Int32 = 200

    let stream: OutputStream
    private let descriptor: Int32
    private let isTerminal: Bool
    private(set) var isOpen = true
    /// Set while nobody holds the terminal's other side.
    private(set) var deadline: Deadline?

    /// Takes `descriptor` over, and closes it in the end.
    init(_ descriptor: Int32, _ stream: OutputStream, isTerminal: Bool) {
        self.descriptor = descriptor
        self.stream = stream
        self.isTerminal = isTerminal
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close()
    }

    func addInterest(to set: inout PollSet, _ pass: @escaping (ArraySlice<UInt8>) -> Void) {
        guard isOpen else { return }
        if let deadline, !deadline.hasPassed { return }
        deadline = nil
        set.add(descriptor, POLLIN) { [self] in _ = read(pass) }
    }

    /// Passes on all that is there, without waiting for more; a terminal's last words come a moment late.
    func drain(_ pass: (ArraySlice<UInt8>) -> Void) {
        while isOpen {
            var readiness = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&readiness, 1, isTerminal ? Self.patience : 0) > 0, read(pass) else { break }
        }
        close()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// False when there is nothing more for now, or at all.
    private func read(_ pass: (ArraySlice<UInt8>) -> Void) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            pass(bytes[..<count])
            return true
        }
        if count < 0, errno == EINTR { return true }
        if count < 0, errno == EAGAIN { return false }
        if isTerminal, count < 0, errno == EIO {
            deadline = .after(seconds: Self.hangUpPause)
        } else {
            close()
        }
        return false
    }
}
