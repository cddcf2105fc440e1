import Glibc

/// Writes what clients type to a process, as fast as it reads.
final class InputPump {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var endsWhenWritten = false
    private var isOpen = true

    /// Takes `descriptor` over, and closes it in the end.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    var pendingCount: Int { pending.count }

    func append(_ bytes: [UInt8]) {
        guard isOpen, !endsWhenWritten else { return }
        pending += bytes
        write()
    }

    /// Ends the input once what was typed before is written.
    func end() {
        endsWhenWritten = true
        finishIfWritten()
    }

    func addInterest(to set: inout PollSet) {
        guard isOpen, !pending.isEmpty else { return }
        set.add(descriptor, POLLOUT) { [self] in write() }
    }

    private func write() {
        guard isOpen else { return }
        while !pending.isEmpty {
            let count = pending.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else { return stop() }
            pending.removeFirst(count)
        }
        finishIfWritten()
    }

    private func finishIfWritten() {
        if isOpen, endsWhenWritten, pending.isEmpty { stop() }
    }

    private func stop() {
        pending = []
        isOpen = false
        close(descriptor)
    }
}
