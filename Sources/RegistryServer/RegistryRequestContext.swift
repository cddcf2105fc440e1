import Access
import Hummingbird
import Logging
import NIOCore
import Registry

/// What belongs to one request: its logger with the request's id, and the connection it came by.
struct RegistryRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Where ``SendFileHandler`` listens.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// What the client sent in its `Authorization` field by the Basic scheme.
    var credential: BasicCredential?

    /// Who the client has proven to be.
    var identity = Identity.anonymous

    /// What stood against what the client sent to prove who it is.
    var rejection: AuthenticationError?

    /// Whom the request is from; nil before the middleware that finds out.
    var origin: RequestOrigin?
    /// What the client proved to be by TLS.
    var clientCertificate: ClientCertificate?
    /// The account that the certificate stands for, as the configuration reads it.
    var clientCertificateName: String?
    /// What ``externalBase`` is by the configuration.
    var publicURL: String?

    /// On whose behalf the request is.
    var caller: Caller {
        Caller(identity: identity, address: clientAddress, logger: logger, credential: credential)
    }
}

extension RegistryRequestContext {
    /// The client's IP address, behind all proxies that are believed.
    var clientAddress: String { origin?.clientAddress ?? "-" }

    /// Whether the client speaks TLS, to us or to a proxy that is believed.
    var isSecure: Bool { origin?.isSecure ?? false }

    /// Scheme, host and port by which the client reaches us: what absolute URLs in answers begin with.
    var externalBase: String {
        if let publicURL { return publicURL }
        return "\(isSecure ? "https" : "http")://\(origin?.host ?? localHost)"
    }

    /// For a client of HTTP/1.0 that doesn't say whom it asks.
    private var localHost: String {
        guard let address = ClientConnection.current?.localAddress, let host = address.ipAddress else {
            return "localhost"
        }
        let port = address.port.map { ":\($0)" } ?? ""
        return host.contains(":") ? "[\(host)]\(port)" : "\(host)\(port)"
    }
}
