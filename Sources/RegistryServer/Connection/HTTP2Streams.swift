import NIOCore
import NIOHTTP2

/// The streams that are open on a connection of HTTP/2: what is told to the connection is told to them here.
final class HTTP2Streams: NIOHTTP2StreamDelegate {
    /// Used on the connection's event loop alone.
    private let channels: NIOLoopBoundBox<[HTTP2StreamID: any Channel]>

    /// Who closes the connection when it is idle and when it is drained: it counts the streams by what it is told here.
    private let management: NIOHTTP2ServerConnectionManagementHandler.HTTP2StreamDelegate

    init(eventLoop: any EventLoop, management: NIOHTTP2ServerConnectionManagementHandler) {
        channels = NIOLoopBoundBox([:], eventLoop: eventLoop)
        self.management = management.http2StreamDelegate
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        channels.value[id] = channel
        management.streamCreated(id, channel: channel)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        channels.value[id] = nil
        management.streamClosed(id, channel: channel)
    }

    func fireUserInboundEventTriggered(_ event: any Sendable) {
        for channel in channels.value.values { channel.pipeline.fireUserInboundEventTriggered(event) }
    }
}
