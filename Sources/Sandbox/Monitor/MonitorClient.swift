import FoundationEssentials
import Glibc

/// A client at a container's monitor: one connection, what has come over it, and what is still to leave.
///
/// It never keeps the monitor waiting: what a client doesn't take at once is held for it, within bounds.
final class MonitorClient {
    /// In bytes, held for a client: from here on a process that waits for it is held up.
    private static let pace = 256 << 10
    /// In bytes: a client that nobody waits for, and that is so far behind, is cut off.
    private static let patience = 8 << 20
    private static let chunk = 64 << 10

    private let socket: Int32
    private var incoming = FrameBuffer()
    private var outgoing: [UInt8] = []
    private var sent = 0
    private(set) var isOpen = true
    private var closesWhenSent = false

    /// What it attached with; nil as long as it is attached to no process.
    private(set) var attachment: AttachRequest?
    /// The process that it is attached to.
    private(set) weak var session: ProcessSession?
    /// Whether it is to be told of the container's end.
    var awaitsEnd = false
    /// Acts on what it says.
    var onFrame: (MonitorFrame) -> Void = { _ in }

    /// Takes `socket` over, and closes it in the end.
    init(_ socket: Int32) {
        self.socket = socket
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if isOpen { Glibc.close(socket) }
    }

    func attach(to session: ProcessSession, as attachment: AttachRequest) {
        self.session = session
        self.attachment = attachment
        session.clients.append(self)
        if let size = attachment.size { session.resize(size) }
    }

    /// Whether the process it is attached to waits for it.
    var isPaced: Bool { attachment?.isPaced == true }

    /// Whether the process it is attached to is to write no more for now.
    var holdsUpProcess: Bool { isOpen && isPaced && outgoing.count - sent > Self.pace }

    var hasUnsent: Bool { isOpen && sent < outgoing.count }

    func addInterests(to set: inout PollSet) {
        guard isOpen else { return }
        // Who types faster than the process reads waits in the kernel.
        let wantsInput = session?.hasRoomForInput ?? true
        set.add(socket, (wantsInput ? POLLIN : 0) | (hasUnsent ? POLLOUT : 0)) { [self] in
            flush()
            if wantsInput { receive() }
        }
    }

    func send(_ frame: MonitorFrame) {
        send(encoded: frame.encoded[...])
    }

    func send(encoded bytes: ArraySlice<UInt8>) {
        guard isOpen, !closesWhenSent else { return }
        let wasEmpty = !hasUnsent
        outgoing += bytes
        if wasEmpty { flush() }
        guard isOpen, !isPaced, outgoing.count - sent > Self.patience else { return }
        close()
    }

    /// Sends the last that there is to say.
    func finish(with frame: MonitorFrame) {
        send(frame)
        closesWhenSent = true
        if !hasUnsent { close() }
    }

    /// Sends as much as it takes at once.
    func flush() {
        guard isOpen else { return }
        while sent < outgoing.count {
            let count = outgoing[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { break }
            guard count > 0 else { return close() }
            sent += count
        }
        if sent == outgoing.count {
            outgoing.removeAll(keepingCapacity: true)
            sent = 0
            if closesWhenSent { close() }
        } else if sent > Self.patience / 2 {
            outgoing.removeFirst(sent)
            sent = 0
        }
    }

    private func receive() {
        guard isOpen else { return }
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = bytes.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return close() }
        incoming.append(bytes[..<count])
        do {
            while isOpen, let frame = try incoming.next() { onFrame(frame) }
        } catch {
            close()
        }
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
        session?.clientLeft(self)
    }
}
