import NIOCore

/// `HOST:PORT` to listen on, an IPv6 address in brackets.
struct ListenAddress: Equatable, CustomStringConvertible {
    let host: String
    /// 0 for any free one.
    let port: Int

    init(_ text: String) throws {
        guard
            let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]),
            case var host = text[..<colon], !host.isEmpty
        else {
            throw StartError("'\(text)' is not an address to listen on; it should be HOST:PORT, as 127.0.0.1:5000")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.host = String(host)
        self.port = Int(port)
    }

    /// The address of a socket that listens.
    init(_ address: SocketAddress) {
        host = address.ipAddress ?? "localhost"
        port = address.port ?? 0
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
