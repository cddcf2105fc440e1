import Glibc

/// A container's name server: it knows the other containers, and passes all else on to the host's servers.
///
/// It listens in the container's network and asks in the host's, or whoever is in the container itself. Nothing that is asked can keep it waiting.
final class NameServer {
    /// At its own loopback, as docker's.
    static let address = IPv4Address(number: 127 << 24 | 11)
    static let port: UInt16 = 53
    /// At a time; what is more is dropped, and asked again.
    private static let maximumQuestions = 128
    private static let maximumStreams = 16
    /// In bytes, of a datagram.
    private static let maximumSize = 4096

    private let sockets: NameSockets
    private let directory: NameDirectory
    private let servers: [SocketAddress]
    private var questions: [ForwardedQuestion] = []
    private var streams: [NameStream] = []

    /// - Parameters:
    ///   - servers: whom to ask what it doesn't know, the best first.
    ///   - areOfContainer: whether the container's user has named them: a loopback is the container's own then.
    init(_ sockets: NameSockets, _ directory: NameDirectory, servers: [IPAddress], areOfContainer: Bool) {
        self.sockets = sockets
        self.directory = directory
        // Not itself.
        self.servers = servers.filter { $0 != .v4(Self.address) }.map { server in
            var address = SocketAddress(server, Self.port)
            if areOfContainer, server.isLoopback { address.network = sockets.network }
            return address
        }
    }

    /// When a question goes to the next server.
    var deadline: Deadline? { questions.map(\.deadline).min() }

    func addInterests(to set: inout PollSet) {
        for question in questions where question.deadline.hasPassed { question.askNext() }
        for question in questions where question.isOver { send(question.query.failure, to: question.client) }
        questions.removeAll(where: \.isOver)
        streams.removeAll { !$0.isOpen }
        set.add(sockets.datagrams, POLLIN) { [self] in receive() }
        for question in questions { set.add(question.socket, POLLIN) { [self] in passBack(question) } }
        for stream in streams { stream.addInterests(to: &set) }
        set.add(sockets.listener, POLLIN) { [self] in accept() }
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: Self.maximumSize)
        var client = SocketAddress()
        let count = client.write { recvfrom(sockets.datagrams, &bytes, bytes.count, 0, $0, $1) }
        guard count > 0, let query = NameQuery(bytes[..<count]) else { return }
        if let answer = directory.answer(to: query) { return send(answer, to: client) }
        guard !servers.isEmpty else { return send(query.failure, to: client) }
        guard questions.count < Self.maximumQuestions else { return }
        questions.append(ForwardedQuestion(query, of: client, to: servers))
    }

    private func passBack(_ question: ForwardedQuestion) {
        guard let response = question.response() else { return }
        send(response, to: question.client)
        questions.removeAll { $0 === question }
    }

    private func send(_ bytes: [UInt8], to client: SocketAddress) {
        _ = client.read { sendto(sockets.datagrams, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
    }

    private func accept() {
        let client = Glibc.accept(sockets.listener, nil, nil)
        guard client >= 0 else { return }
        if streams.count >= Self.maximumStreams { streams.removeFirst().close() }
        streams.append(NameStream(client, directory, servers: servers))
    }
}
