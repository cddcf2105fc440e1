import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

extension ServerChannel {
    /// Has a connection's bytes become requests of HTTP/1. On the connection's event loop.
    func openHTTP1(
        _ channel: any Channel,
        _ connection: ConnectionHandler,
        _ client: ClientConnection,
        _ logger: Logger
    ) throws -> Messages {
        let limits = settings.limits.current
        let pipeline = channel.pipeline.syncOperations
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headerSize
        decoderLimits.maxHeaderListSize = limits.headerSize
        decoderLimits.maxHeaderFieldCount = 1000
        try pipeline.configureHTTPServerPipeline(
            // What is sent ahead waits in NIO's async channel.
            withPipeliningAssistance: false,
            // HeaderOverflowHandler and Hummingbird answer what can't be parsed.
            withErrorHandling: false,
            // The types of HTTP hold nothing but what may be sent.
            withOutboundHeaderValidation: false,
            withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
            withDecoderLimitConfiguration: decoderLimits
        )
        try pipeline.addHandler(ConnectionEndHandler())
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: client.isSecure))
        if client.isSecure {
            try pipeline.addHandler(SendBuffersHandler())
        } else {
            try pipeline.addHandler(SendFileHandler())
        }
        try addRequestHandlers(to: channel, connection, client, isStream: false, AcknowledgedBytes.of)
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: limits.idleTime, logger: logger))
        return try Messages(
            wrappingChannelSynchronously: channel,
            configuration: Messages.Configuration(isOutboundHalfClosureEnabled: true)
        )
    }

    /// Adds what both kinds of HTTP have, the handler next to the codec first.
    func addRequestHandlers(
        to channel: any Channel,
        _ connection: ConnectionHandler,
        _ client: ClientConnection,
        isStream: Bool,
        _ acknowledgedBytes: @escaping (any Channel) -> EventLoopFuture<UInt64?>
    ) throws {
        let limits = settings.limits.current
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            RequestObservationHandler(
                instruments: settings.instruments,
                connection: client,
                proxies: settings.proxies,
                record: settings.accessLog
            )
        )
        try pipeline.addHandler(
            AdmissionHandler(admission: settings.admission, connection: connection, isStream: isStream)
        )
        if let rate = limits.minimumRate {
            try pipeline.addHandler(
                TransferRateHandler(
                    minimumRate: rate,
                    slowTime: TimeAmount(limits.slowTime),
                    acknowledgedBytes: acknowledgedBytes
                )
            )
        }
        try pipeline.addHandler(ContinueHandler())
        if !isStream { try pipeline.addHandler(HeaderOverflowHandler()) }
        try pipeline.addHandler(DrainHandler(limits: settings.limits, isStream: isStream))
    }
}
