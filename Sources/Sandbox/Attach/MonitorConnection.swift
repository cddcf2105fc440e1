import FoundationEssentials
import Glibc
import SystemPackage

/// A client's connection to a container's monitor.
final class MonitorConnection {
    let socket: Int32
    private let folder: FilePath
    private var incoming = FrameBuffer()
    private var outgoing: [UInt8] = []
    private var isEnded = false

    /// Takes `socket` over, and closes it in the end.
    ///
    /// - Parameter folder: the container's, for the monitor's last words.
    init(_ socket: Int32, folder: FilePath) {
        self.socket = socket
        self.folder = folder
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(socket)
    }

    /// Connects to the monitor of `container`.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``.
    static func open(to container: Container) throws -> MonitorConnection {
        guard let socket = try MonitorSocket.connect(in: container.folder) else {
            throw SandboxError.containerIsNotRunning(container.label)
        }
        return MonitorConnection(socket, folder: container.folder)
    }

    var hasUnsent: Bool { !outgoing.isEmpty }

    func send(_ frame: MonitorFrame) {
        outgoing += frame.encoded
        flush()
    }

    func send(_ request: MonitorRequest) throws {
        send(.request([UInt8](try JSONEncoder().encode(request))))
    }

    /// Sends and receives what is possible at once.
    func exchange() {
        flush()
        var bytes = [UInt8](repeating: 0, count: 256 << 10)
        let count = bytes.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
        if count > 0 { incoming.append(bytes[..<count]) }
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { isEnded = true }
    }

    /// The next frame that has arrived; nil when none has yet.
    ///
    /// - Throws: ``SandboxError/monitorEnded(_:)``.
    func next() throws -> MonitorFrame? {
        do {
            if let frame = try incoming.next() { return frame }
        } catch {
            isEnded = true
        }
        guard !isEnded else { throw SandboxError.monitorEnded(lastWords) }
        return nil
    }

    /// Waits for the monitor's answer, which is to be the next frame.
    ///
    /// - Throws: what the monitor says it can't do.
    func answer() throws -> MonitorFrame {
        while true {
            if let frame = try next() {
                if case .failed(let bytes) = frame { throw Self.error(bytes) }
                return frame
            }
            var set = PollSet()
            set.add(socket, POLLIN | (hasUnsent ? POLLOUT : 0)) { [self] in exchange() }
            set.wait(until: nil)
        }
    }

    static func error(_ bytes: [UInt8]) -> SandboxError {
        (try? JSONDecoder().decode(MonitorFailure.self, from: Data(bytes)))?.error ?? .monitorEnded("")
    }

    private func flush() {
        while !outgoing.isEmpty {
            let count = outgoing.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            // The monitor has gone: reading tells of that.
            guard count > 0 else { return outgoing.removeAll() }
            outgoing.removeFirst(count)
        }
    }

    /// What the monitor wrote before it ended, if anything.
    private var lastWords: String {
        let path = folder.appending(MonitorProgram.errorFileName)
        guard let bytes = try? readFile(at: path, limit: 1 << 20) else { return "" }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
    }
}
