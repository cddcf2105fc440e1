import HTTPTypes
import NIOCore

/// Whom a request is from and how it came to us, behind all the proxies that are believed.
struct RequestOrigin: Sendable, Equatable {
    /// The client's IP address.
    var clientAddress: String
    /// Whether the client speaks TLS, to us or to a proxy.
    var isSecure: Bool
    /// What the client takes us for, with the port where it named one; nil when it named none that could be.
    var host: String?

    /// - Parameter authority: what the request itself was sent to: `Host` or `:authority`.
    init(_ fields: HTTPFields, authority: String?, over connection: ClientConnection, _ trust: ProxyTrust) {
        clientAddress = connection.peerAddress
        isSecure = connection.isSecure
        host = authority.flatMap(Self.validHost)
        guard connection.isProxy else { return }
        let hops = ForwardedHop.hops(in: fields, by: trust.header)
        // Each proxy vouches for who it got the request from; the first who isn't one of ours is the client, and what
        // stands before in the list are the client's own words.
        for hop in hops {
            if let scheme = hop.scheme { isSecure = scheme == "https" }
            if let host = hop.host.flatMap(Self.validHost) { self.host = host }
            guard let address = hop.address, let bytes = SocketAddress.bytes(ofAddress: address) else { break }
            clientAddress = address
            guard trust.trusts(bytes) else { break }
        }
    }

    /// A host is said again in answers: it may hold nothing but what names and addresses are made of.
    private static func validHost(_ text: String) -> String? {
        guard !text.isEmpty, text.utf8.count <= 300 else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["),
                UInt8(ascii: "]"):
                true
            default: false
            }
        }
        return isPlain ? text : nil
    }
}
