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
        try addRequestHandlers(to: channel, connection, client, stream: nil)
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: limits.idleTime, logger: logger))
        return try Messages(
            wrappingChannelSynchronously: channel,
            configuration: Messages.Configuration(isOutboundHalfClosureEnabled: true)
        )
    }

    /// Adds what both kinds of HTTP have, the handler next to the codec first.
    ///
    /// - Parameter stream: what a stream of HTTP/2 has; nil for a connection of HTTP/1.
    func addRequestHandlers(
        to channel: any Channel,
        _ connection: ConnectionHandler,
        _ client: ClientConnection,
        stream: HTTP2AnswerHandler?
    ) throws {
        let limits = settings.limits.current
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            RequestObservationHandler(
                instruments: settings.instruments,
                connection: client,
                origins: settings.origins,
                record: settings.accessLog
            )
        )
        try pipeline.addHandler(
            AdmissionHandler(admission: settings.admission, connection: connection, isStream: stream != nil)
        )
        if let rate = limits.minimumRate {
            try pipeline.addHandler(
                TransferRateHandler(
                    minimumRate: rate,
                    slowTime: TimeAmount(limits.slowTime),
                    stream: stream
                )
            )
        }
        try pipeline.addHandler(ContinueHandler())
        if stream == nil { try pipeline.addHandler(HeaderOverflowHandler()) }
        try pipeline.addHandler(DrainHandler(limits: settings.limits, isStream: stream != nil))
    }
}
