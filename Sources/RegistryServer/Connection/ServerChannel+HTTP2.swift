import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypesHTTP2

extension ServerChannel {
    private static let maximumStreams = 100
    /// How many bytes a client may send ahead of what was read of a stream, and of all the streams of a connection.
    private static let streamWindow = 512 << 10
    private static let connectionWindow = 1 << 20
    /// How much of a stream's answer waits for its client.
    private static let streamBuffer = 256 << 10
    /// How long those who are told that the server stops have beyond the drain time to leave.
    private static let graceTime = TimeAmount.seconds(10)

    /// Has a connection's bytes become streams of HTTP/2, each of them with a request. On the connection's event loop.
    func openHTTP2(
        _ channel: any Channel,
        _ connection: ConnectionHandler,
        _ client: ClientConnection,
        _ logger: Logger
    ) throws -> NIOHTTP2Handler.AsyncStreamMultiplexer<Messages> {
        let limits = settings.limits.current
        let pipeline = channel.pipeline.syncOperations
        let management = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: NIOHTTP2ServerConnectionManagementHandler.Configuration(
                maxIdleTime: TimeAmount(limits.idleTime),
                maxAge: nil,
                maxGraceTime: TimeAmount(limits.drainTime) + Self.graceTime,
                keepalive: nil
            )
        )
        let streams = HTTP2Streams(eventLoop: channel.eventLoop, management: management)
        let connection = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        let multiplexer = try pipeline.configureAsyncHTTP2Pipeline(
            mode: .server,
            streamDelegate: streams,
            configuration: Self.configuration(limits)
        ) { stream in
            stream.eventLoop.makeCompletedFuture { try openStream(stream, connection.value, client, logger) }
        }
        try pipeline.addHandler(management)
        try pipeline.addHandler(HTTP2DrainHandler(streams))
        try pipeline.addHandler(HTTP2ErrorHandler())
        return multiplexer
    }

    private func openStream(
        _ stream: any Channel,
        _ connection: ConnectionHandler,
        _ client: ClientConnection,
        _ logger: Logger
    ) throws -> Messages {
        let pipeline = stream.pipeline.syncOperations
        let answers = HTTP2AnswerHandler()
        try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
        try pipeline.addHandler(answers)
        try pipeline.addHandler(SendBuffersHandler())
        try addRequestHandlers(to: stream, connection, client, stream: answers)
        let idleTime = settings.limits.current.idleTime
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTime, logger: logger))
        return try Messages(wrappingChannelSynchronously: stream)
    }

    private static func configuration(_ limits: ServerLimits) -> NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerSize),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        ]
        configuration.connection.targetWindowSize = connectionWindow
        configuration.stream.targetWindowSize = streamWindow
        configuration.stream.outboundBufferSizeHighWatermark = streamBuffer
        configuration.stream.outboundBufferSizeLowWatermark = streamBuffer / 2
        return configuration
    }
}
