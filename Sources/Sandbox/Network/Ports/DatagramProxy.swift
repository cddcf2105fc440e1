import Glibc

/// Passes datagrams that the host sends to a published port at its own loopback on, and the answers back.
final class DatagramProxy {
    /// Senders at a time, of one port; the one that was silent longest makes room for another.
    private static let maximumSenders = 64
    /// In seconds: a sender that is silent for so long is forgotten.
    private static let patience = 90.0

    private let holder: PortHolder
    private let target: SocketAddress
    private var senders: [Sender] = []

    private final class Sender {
        let address: SocketAddress
        let socket: Int32
        var deadline = Deadline.after(seconds: patience)

        init?(_ address: SocketAddress, to target: SocketAddress) {
            let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            self.address = address
            socket = Glibc.socket(target.family, type, 0)
            guard socket >= 0 else { return nil }
            guard target.read({ connect(socket, $0, $1) }) == 0 else {
                close(socket)
                return nil
            }
        }

        deinit {
            close(socket)
        }
    }

    init(_ holder: PortHolder, to target: SocketAddress) {
        self.holder = holder
        self.target = target
    }

    func addInterests(to set: inout PollSet) {
        senders.removeAll(where: \.deadline.hasPassed)
        set.add(holder.descriptor, POLLIN) { [self] in passOn() }
        for sender in senders { set.add(sender.socket, POLLIN) { [self] in answer(sender) } }
    }

    private func passOn() {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        var from = SocketAddress()
        let count = from.write { recvfrom(holder.descriptor, &bytes, bytes.count, 0, $0, $1) }
        guard count >= 0, let sender = sender(from) else { return }
        sender.deadline = .after(seconds: Self.patience)
        _ = send(sender.socket, bytes, count, Int32(MSG_NOSIGNAL))
    }

    private func answer(_ sender: Sender) {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(sender.socket, &bytes, bytes.count, 0)
        guard count >= 0 else { return }
        sender.deadline = .after(seconds: Self.patience)
        _ = sender.address.read { sendto(holder.descriptor, bytes, count, Int32(MSG_NOSIGNAL), $0, $1) }
    }

    private func sender(_ address: SocketAddress) -> Sender? {
        if let known = senders.first(where: { $0.address.key == address.key }) { return known }
        if senders.count >= Self.maximumSenders,
            let oldest = senders.indices.min(by: { senders[$0].deadline < senders[$1].deadline })
        {
            senders.remove(at: oldest)
        }
        guard let sender = Sender(address, to: target) else { return nil }
        senders.append(sender)
        return sender
    }
}
