import Glibc

/// One connection to a published port from the host itself, passed on to the container: two sockets, and the bytes
/// that one has sent and the other not yet taken.
final class ProxiedConnection {
    private static let chunk = 64 << 10

    private let client: Int32
    private var server: Int32 = -1
    /// Where the container may be reached, apart from where it is being tried.
    private var targets: ArraySlice<SocketAddress>
    private var isConnected = false
    private var upward = Direction()
    private var downward = Direction()
    private(set) var isOpen = true

    /// What goes one way.
    private struct Direction {
        var pending: ArraySlice<UInt8> = []
        /// The sender has said its last.
        var isEnded = false
        /// And the receiver was told.
        var isShut = false

        var isReadable: Bool { pending.isEmpty && !isEnded }
    }

    /// Takes `client` over, and closes it in the end.
    ///
    /// - Parameters:
    ///   - targets: where the container may be reached, the best first.
    ///   - first: what the client has said already.
    init(_ client: Int32, to targets: [SocketAddress], first: [UInt8] = []) {
        self.client = client
        self.targets = targets[...]
        upward.pending = first[...]
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        connectNext()
    }

    deinit {
        close()
    }

    func addInterests(to set: inout PollSet) {
        guard isOpen else { return }
        guard isConnected else {
            set.add(server, POLLOUT) { [self] in finishConnecting() }
            return
        }
        let ofClient = (upward.isReadable ? POLLIN : 0) | (downward.pending.isEmpty ? 0 : POLLOUT)
        let ofServer = (downward.isReadable ? POLLIN : 0) | (upward.pending.isEmpty ? 0 : POLLOUT)
        if ofClient != 0 { set.add(client, ofClient) { [self] in advance() } }
        if ofServer != 0 { set.add(server, ofServer) { [self] in advance() } }
        if ofClient == 0, ofServer == 0 { close() }
    }

    // MARK: The way to the container

    private func connectNext() {
        while let target = targets.popFirst() {
            server = target.openSocket(SOCK_STREAM)
            guard server >= 0 else { continue }
            if target.read({ connect(server, $0, $1) }) == 0 || errno == EINPROGRESS { return }
            Glibc.close(server)
            server = -1
        }
        close()
    }

    private func finishConnecting() {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(server, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 else {
            Glibc.close(server)
            server = -1
            return connectNext()
        }
        isConnected = true
        advance()
    }

    // MARK: Bytes

    private func advance() {
        guard isOpen, isConnected else { return }
        guard move(&upward, from: client, to: server), move(&downward, from: server, to: client) else { return close() }
        if upward.isShut, downward.isShut { close() }
    }

    /// Moves what there is, without waiting; false when the connection is broken.
    private func move(_ direction: inout Direction, from source: Int32, to target: Int32) -> Bool {
        if direction.isReadable {
            var bytes = [UInt8](repeating: 0, count: Self.chunk)
            let count = recv(source, &bytes, bytes.count, 0)
            guard count >= 0 || errno == EAGAIN || errno == EINTR else { return false }
            if count == 0 { direction.isEnded = true }
            if count > 0 { direction.pending = bytes[..<count] }
        }
        while !direction.pending.isEmpty {
            let count = direction.pending.withUnsafeBytes {
                send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return true }
            guard count > 0 else { return false }
            direction.pending = direction.pending.dropFirst(count)
        }
        direction.pending = []
        if direction.isEnded, !direction.isShut {
            direction.isShut = true
            shutdown(target, Int32(SHUT_WR))
        }
        return true
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(client)
        if server >= 0 { Glibc.close(server) }
        server = -1
    }
}
