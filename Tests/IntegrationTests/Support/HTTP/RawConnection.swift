import Glibc
import ImageSpec
import SystemPackage

/// A TCP connection on which a test sends what no proper client would, and leaves when it likes.
final class RawConnection: Sendable {
    private let socket: FileDescriptor

    /// - Parameter patience: how long a read waits for the next byte, in seconds.
    init(to host: RegistryHost, patience: Int = 30) throws {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        socket = FileDescriptor(rawValue: descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(host.port ?? 0).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connected == 0 else { throw Errno(rawValue: errno) }
        signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        try? socket.close()
    }

    func send(_ text: String) throws {
        try socket.writeAll(text.utf8)
    }

    func send(_ bytes: [UInt8]) throws {
        try socket.writeAll(bytes)
    }

    /// Ends what this side sends; what the other sends can still be read.
    func finishSending() {
        shutdown(socket.rawValue, Int32(SHUT_WR))
    }

    /// Leaves at once, as a process that is killed does.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket.rawValue, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(socket.rawValue, Int32(SHUT_RDWR))
    }

    /// Reads until the other side ends, at most `limit` bytes.
    func readToEnd(limit: Int = 64 << 20) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try read(), bytes.count < limit { bytes += more }
        return bytes
    }

    /// Reads until `text` has come.
    func read(until text: String) throws -> String {
        var bytes: [UInt8] = []
        while !String(decoding: bytes, as: UTF8.self).contains(text) {
            guard let more = try read() else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What comes next; nil at the end.
    func read() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = try buffer.withUnsafeMutableBytes { try socket.read(into: $0) }
        return count == 0 ? nil : Array(buffer[..<count])
    }
}
