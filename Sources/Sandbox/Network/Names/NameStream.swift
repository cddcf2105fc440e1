import Glibc

/// A connection to a container's name server, over which a question comes with its length before it.
///
/// A question about a container is answered; with any other, the connection is passed on to the host's server.
final class NameStream {
    /// In bytes: of a question that is longer, nothing is wanted.
    private static let maximumSize = 4096

    private let client: Int32
    private let directory: NameDirectory
    private let servers: [SocketAddress]
    private var received: [UInt8] = []
    private var passedOn: ProxiedConnection?
    private var isReading = true

    init(_ client: Int32, _ directory: NameDirectory, servers: [SocketAddress]) {
        self.client = client
        self.directory = directory
        self.servers = servers
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        close()
    }

    var isOpen: Bool { isReading || passedOn?.isOpen == true }

    func addInterests(to set: inout PollSet) {
        passedOn?.addInterests(to: &set)
        if isReading { set.add(client, POLLIN) { [self] in receive() } }
    }

    func close() {
        passedOn?.close()
        guard isReading else { return }
        isReading = false
        Glibc.close(client)
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: Self.maximumSize)
        let count = recv(client, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0, received.count + count <= Self.maximumSize + 2 else { return close() }
        received += bytes[..<count]
        while isReading, received.count >= 2 {
            let length = Int(received[0]) << 8 | Int(received[1])
            guard length <= Self.maximumSize else { return close() }
            guard received.count >= 2 + length else { return }
            guard let query = NameQuery(received[2..<2 + length]) else { return close() }
            guard answer(query) else { return passOn() }
            received.removeFirst(2 + length)
        }
    }

    /// False for what is no container's name.
    private func answer(_ query: NameQuery) -> Bool {
        let answer: [UInt8]
        if let known = directory.answer(to: query) {
            answer = known
        } else if servers.isEmpty {
            answer = query.failure
        } else {
            return false
        }
        let bytes = UInt16(answer.count).bigEndianBytes + answer
        // So little always finds room, unless nobody takes what was said before.
        if send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) != bytes.count { close() }
        return true
    }

    private func passOn() {
        isReading = false
        passedOn = ProxiedConnection(client, to: servers, first: received)
        received = []
    }
}
