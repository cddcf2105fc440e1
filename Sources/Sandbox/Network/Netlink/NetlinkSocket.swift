import CNetlink
import Glibc
import SystemPackage

/// A conversation with one of the kernel's netlink families, in the network namespace of the thread that began it.
final class NetlinkSocket {
    /// In seconds: the kernel answers at once.
    private static let patience = 10
    private static let room = 64 << 10

    private let descriptor: Int32
    private var sequence: UInt32 = 0
    private var buffer = [UInt8](repeating: 0, count: room)

    /// - Parameter family: `NETLINK_ROUTE` or `NETLINK_NETFILTER`.
    init(_ family: Int32) throws(NetworkError) {
        let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_NETLINK, type, family)
        guard descriptor >= 0 else { throw .refused(operation: "speak to the kernel", .current, detail: "") }
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        for option in [NETLINK_CAP_ACK, NETLINK_EXT_ACK] {
            setsockopt(descriptor, SOL_NETLINK, option, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends `messages` in one go, and waits until each was carried out.
    ///
    /// - Parameters:
    ///   - operation: what they are to do, for the error.
    ///   - accepted: errors that mean it is as wished already.
    func perform(
        _ messages: [NetlinkMessage],
        to operation: String,
        accepting accepted: Set<Errno> = []
    ) throws(NetworkError) {
        let first = try send(messages.map { $0.adding(flags: NLM_F_ACK) })
        var missing = messages.count
        var failure: NetworkError?
        while missing > 0 {
            for reply in try receive(operation) where reply.sequence &- first < UInt32(messages.count) {
                guard reply.type == UInt16(NLMSG_ERROR) else { continue }
                missing -= 1
                guard let error = Self.error(in: reply), !accepted.contains(error.code) else { continue }
                failure = failure ?? .refused(operation: operation, error.code, detail: error.detail)
            }
        }
        if let failure { throw failure }
    }

    /// Sends a batch that takes effect as a whole, or not at all.
    ///
    /// - Parameter expected: an error that the caller can do something about.
    /// - Returns: false for that error.
    /// - Throws: the first refusal of another kind.
    @discardableResult
    func performBatch(
        _ messages: [NetlinkMessage],
        to operation: String,
        expecting expected: Errno? = nil
    ) throws(NetworkError) -> Bool {
        // Not the frame: not every kernel acknowledges that.
        let acknowledged = messages.map { $0.adding(flags: NLM_F_ACK) }
        let first = try send([.batchBegin] + acknowledged + [.batchEnd])
        var missing = messages.count
        var failure: (code: Errno, detail: String)?
        while missing > 0 {
            for reply in try receive(operation) where reply.type == UInt16(NLMSG_ERROR) {
                let error = Self.error(in: reply)
                failure = failure ?? error
                // Where the frame itself is refused, nothing in it was looked at.
                missing -= reply.sequence == first && error != nil ? missing : 1
            }
        }
        guard let failure else { return true }
        guard failure.code == expected else {
            throw .refused(operation: operation, failure.code, detail: failure.detail)
        }
        return false
    }

    /// The answer to a question; nil where there is no such thing.
    func ask(_ question: NetlinkMessage, about operation: String) throws(NetworkError) -> NetlinkReply? {
        let sequence = try send([question])
        while true {
            for reply in try receive(operation) where reply.sequence == sequence {
                guard reply.type == UInt16(NLMSG_ERROR) else { return reply }
                guard let error = Self.error(in: reply),
                    ![.noSuchFileOrDirectory, Errno(rawValue: ENODEV)].contains(error.code)
                else { return nil }
                throw .refused(operation: operation, error.code, detail: error.detail)
            }
        }
    }

    /// All that the kernel has of a kind.
    func list(_ question: NetlinkMessage, about operation: String) throws(NetworkError) -> [NetlinkReply] {
        let sequence = try send([question.adding(flags: NLM_F_DUMP)])
        var all: [NetlinkReply] = []
        while true {
            for reply in try receive(operation) where reply.sequence == sequence {
                if reply.type == UInt16(NLMSG_DONE) { return all }
                guard reply.type == UInt16(NLMSG_ERROR) else {
                    all.append(reply)
                    continue
                }
                guard let error = Self.error(in: reply) else { continue }
                throw .refused(operation: operation, error.code, detail: error.detail)
            }
        }
    }

    /// - Returns: the first message's number; the others' follow.
    private func send(_ messages: [NetlinkMessage]) throws(NetworkError) -> UInt32 {
        let first = sequence &+ 1
        var bytes: [UInt8] = []
        for message in messages {
            sequence &+= 1
            bytes += message.encoded(sequence: sequence)
        }
        guard Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw .refused(operation: "speak to the kernel", .current, detail: "")
        }
        return first
    }

    private func receive(_ operation: String) throws(NetworkError) -> [NetlinkReply] {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return NetlinkReply.all(in: buffer[..<count]) }
            guard errno == EINTR else { throw .refused(operation: operation, .current, detail: "no answer") }
        }
    }

    /// Nil for the word that all is well.
    private static func error(in reply: NetlinkReply) -> (code: Errno, detail: String)? {
        let code = reply.payload.number(at: 0, as: Int32.self)
        guard code != 0 else { return nil }
        // The code, the header of what was refused, and what the kernel has to say about it.
        let attributes = reply.attributes(after: 4 + NetlinkMessage.headerSize)
        let detail = attributes[UInt16(NLMSGERR_ATTR_MSG.rawValue)].map {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return (Errno(rawValue: -code), detail ?? "")
    }
}

extension NetlinkMessage {
    fileprivate static let batchBegin = frame(NFNL_MSG_BATCH_BEGIN)
    fileprivate static let batchEnd = frame(NFNL_MSG_BATCH_END)

    private static func frame(_ type: Int32) -> NetlinkMessage {
        let subsystem = UInt16(NFNL_SUBSYS_NFTABLES)
        return NetlinkMessage(UInt16(type), familyHeader: [0, UInt8(NFNETLINK_V0)] + subsystem.bigEndianBytes)
    }
}
