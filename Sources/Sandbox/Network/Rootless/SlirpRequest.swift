import FoundationEssentials
import Glibc
import SystemPackage

/// What slirp4netns is asked, in JSON over a socket in the container's folder: one request a connection.
struct SlirpRequest: Encodable {
    static let socketName = "slirp4netns.sock"
    /// Of an answer, in bytes.
    private static let maximumAnswer = 4096

    private let execute: String
    private let arguments: Arguments

    private struct Arguments: Encodable {
        let proto: String
        let hostAddress: String
        let hostPort: UInt16
        let guestPort: UInt16

        enum CodingKeys: String, CodingKey {
            case proto
            case hostAddress = "host_addr"
            case hostPort = "host_port"
            case guestPort = "guest_port"
        }
    }

    private struct Answer: Decodable {
        struct Complaint: Decodable {
            let desc: String
        }

        let error: Complaint?
    }

    /// To pass on what comes to a port of the host's.
    init(publishing port: PublishedPort) {
        execute = "add_hostfwd"
        arguments = Arguments(
            proto: port.target.transport.rawValue,
            hostAddress: "\(port.hostAddress)",
            hostPort: port.hostPort,
            guestPort: port.target.port
        )
    }

    /// Asks the one that has its socket in `folder`; waits for the socket, which comes late.
    ///
    /// - Returns: what it complains of; nil where it has done as it was asked.
    func send(in folder: FilePath, seconds: Double) throws -> String? {
        let deadline = Deadline.after(seconds: seconds)
        var connected = try MonitorSocket.connect(in: folder, named: Self.socketName)
        while connected == nil, !deadline.hasPassed {
            usleep(5_000)
            connected = try MonitorSocket.connect(in: folder, named: Self.socketName)
        }
        guard let socket = connected else { return "it does not answer" }
        defer { close(socket) }
        var limit = timeval(tv_sec: Int(seconds), tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard writeAll(Array(try JSONEncoder().encode(self))[...], to: socket) else { return "it does not listen" }
        shutdown(socket, Int32(SHUT_WR))
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: Self.maximumAnswer)
        while bytes.count < Self.maximumAnswer, case let count = read(socket, &part, part.count), count > 0 {
            bytes += part[..<count]
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
            return "it does not answer"
        }
        return answer.error?.desc
    }
}
