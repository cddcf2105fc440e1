import NIOCore
import NIOHTTP2

/// The streams that are open on a connection of HTTP/2: what is told to the connection is told to them here.
final class HTTP2Streams: NIOHTTP2StreamDelegate {
    /// Used on the connection's event loop alone.
    private let channels: NIOLoopBoundBox<[HTTP2StreamID: any Channel]>

    init(eventLoop: any EventLoop) {
        channels = NIOLoopBoundBox([:], eventLoop: eventLoop)
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        channels.value[id] = channel
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        channels.value[id] = nil
    }

    func fireUserInboundEventTriggered(_ event: any Sendable) {
        for channel in channels.value.values { channel.pipeline.fireUserInboundEventTriggered(event) }
    }
}
