import NIOCore
import NIOHTTP2

/// Tells a connection's streams that the server stops: NIO tells the connection alone.
final class HTTP2DrainHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let streams: HTTP2Streams

    init(_ streams: HTTP2Streams) {
        self.streams = streams
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { streams.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        context.fireUserInboundEventTriggered(event)
    }
}
