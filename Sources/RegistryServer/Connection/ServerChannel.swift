import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOSSL
import NIOTLS

/// Makes HTTP of a listener's connections: HTTP/1 as it is, or over TLS whichever of HTTP/1 and HTTP/2 is agreed on.
///
/// Hummingbird has the like; but its handlers can't be told what connection they belong to, and its HTTP/2 can't be told
/// how much a stream may have in flight.
struct ServerChannel: ServerChildChannel {
    typealias Messages = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    /// A connection on which requests come.
    enum Opened: Sendable {
        case http1(Messages, ClientConnection)
        case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<Messages>, ClientConnection)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// At once, or when TLS has been greeted.
        let opened: EventLoopFuture<Opened>
    }

    let settings: ConnectionSettings
    /// nil for plain HTTP.
    let certificates: LiveCertificates?
    let responder: HTTPChannelHandler.Responder

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let connection = ConnectionHandler(
                admission: settings.admission,
                headerTime: TimeAmount(settings.limits.current.headerTime),
                isProxy: settings.origins.proxies.trusts(channel.remoteAddress)
            )
            try pipeline.addHandler(connection)
            guard let certificates else {
                let client = ClientConnection(channel, isSecure: false, proxies: settings.origins.proxies)
                let messages = try openHTTP1(channel, connection, client, logger)
                return Value(channel: channel, opened: channel.eventLoop.makeSucceededFuture(.http1(messages, client)))
            }
            let negotiation = try startTLS(channel, connection, certificates, logger)
            return Value(channel: channel, opened: negotiation.protocolNegotiationResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.opened.get() {
            case .http1(let messages, let client):
                await ClientConnection.$current.withValue(client) { await respond(to: messages, logger) }
            case .http2(let streams, let client):
                try await ClientConnection.$current.withValue(client) {
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await stream in streams.inbound {
                            group.addTask { await respond(to: stream, logger) }
                        }
                    }
                }
            }
        } catch {
            logger.debug("a connection ended", metadata: ["error": "\(error)"])
        }
    }

    /// A stream of HTTP/2 is as a connection that has one request.
    private func respond(to messages: Messages, _ logger: Logger) async {
        await HTTP1Channel(responder: responder).handle(value: messages, logger: logger)
    }

    private func startTLS(
        _ channel: any Channel,
        _ connection: ConnectionHandler,
        _ certificates: LiveCertificates,
        _ logger: Logger
    ) throws -> NIOTypedApplicationProtocolNegotiationHandler<Opened> {
        let pipeline = channel.pipeline.syncOperations
        let connection = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Opened> { result, channel in
            channel.eventLoop.makeCompletedFuture {
                let client = try secureConnection(channel)
                return switch result {
                case .negotiated("h2"):
                    .http2(try openHTTP2(channel, connection.value, client, logger), client)
                case .negotiated, .fallback:
                    .http1(try openHTTP1(channel, connection.value, client, logger), client)
                }
            }
        }
        try pipeline.addHandlers(
            PlainRequestHandler(),
            NIOSSLServerHandler(context: certificates.context),
            negotiation
        )
        return negotiation
    }

    /// What is known of a connection whose client TLS has proven to be who it is.
    private func secureConnection(_ channel: any Channel) throws -> ClientConnection {
        let security = try channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        let certificate = try security.peerCertificate.map { try ClientCertificate($0) }
        return ClientConnection(channel, isSecure: true, certificate: certificate, proxies: settings.origins.proxies)
    }
}
