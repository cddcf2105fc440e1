import Glibc

/// A question that was passed on, until it is answered: by a socket of its own, so that nobody else guesses its port.
final class ForwardedQuestion {
    /// In seconds, for each server.
    private static let patience = 2.0

    let query: NameQuery
    let client: SocketAddress
    private var servers: ArraySlice<SocketAddress>
    private(set) var socket: Int32 = -1
    private(set) var deadline = Deadline.after(seconds: patience)
    /// Whether nobody is left to be asked.
    private(set) var isOver = false

    init(_ query: NameQuery, of client: SocketAddress, to servers: [SocketAddress]) {
        self.query = query
        self.client = client
        self.servers = servers[...]
        askNext()
    }

    deinit {
        if socket >= 0 { close(socket) }
    }

    func askNext() {
        if socket >= 0 { close(socket) }
        socket = -1
        while let server = servers.popFirst() {
            socket = server.openSocket(SOCK_DGRAM)
            guard socket >= 0 else { continue }
            if server.read({ connect(socket, $0, $1) }) == 0,
                send(socket, query.message, query.message.count, Int32(MSG_NOSIGNAL)) >= 0
            {
                deadline = .after(seconds: Self.patience)
                return
            }
            close(socket)
            socket = -1
        }
        isOver = true
    }

    /// What the server said; nil as long as it is no answer to this question.
    func response() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &bytes, bytes.count, 0)
        if count < 0 {
            // It isn't there.
            if errno != EAGAIN, errno != EINTR { askNext() }
            return nil
        }
        return query.isAnswered(by: bytes[..<count]) ? Array(bytes[..<count]) : nil
    }
}
