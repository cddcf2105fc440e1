import NIOCore

/// What is known of the connection that a request came by.
struct ClientConnection: Sendable {
    /// Who connected to us: the client, or a proxy before it.
    let peer: SocketAddress?
    /// The peer's, as a text.
    let peerAddress: String
    /// Whether it is believed what the peer says of the clients behind it.
    let isProxy: Bool
    /// Whether it is over TLS.
    let isSecure: Bool
    /// What the client proved to be by TLS.
    let certificate: ClientCertificate?
    /// Where the peer connected to.
    let localAddress: SocketAddress?
    let provenCredential = ProvenCredential()

    init(_ channel: any Channel, isSecure: Bool, certificate: ClientCertificate? = nil, proxies: ProxyTrust) {
        peer = channel.remoteAddress
        peerAddress = peer?.ipAddress ?? "-"
        isProxy = proxies.trusts(peer)
        self.isSecure = isSecure
        self.certificate = certificate
        localAddress = channel.localAddress
    }

    /// The one whose request the current task answers. Hummingbird makes a request's context from its channel alone,
    /// which for a stream of HTTP/2 knows nothing of this.
    @TaskLocal static var current: ClientConnection?
}
