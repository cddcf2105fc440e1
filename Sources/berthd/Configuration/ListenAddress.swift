import NIOCore

/// `HOST:PORT` to listen on, an IPv6 address in brackets.
struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    let host: String
    /// 0 for any free one.
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// nil when `text` isn't one.
    init?(_ text: String) {
        guard
            let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]),
            case var host = text[..<colon], !host.isEmpty
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.init(host: String(host), port: Int(port))
    }

    /// The address of a socket that listens.
    init(_ address: SocketAddress) {
        host = address.ipAddress ?? "localhost"
        port = address.port ?? 0
    }

    /// Whether only this machine reaches it.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
