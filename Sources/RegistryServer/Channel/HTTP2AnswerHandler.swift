import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// Makes an answer one that HTTP/2 has: without the fields that are about a connection, and with the stream's end behind
/// it when the client still sends.
///
/// - SeeAlso: RFC 9113, sections 8.1 and 8.2.2.
final class HTTP2AnswerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let connectionFields = ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade"]
        .compactMap { HTTPField.Name($0) }

    private var hasWholeRequest = false
    /// Of the body, as far as the connection took them.
    private(set) var sentBytes: UInt64 = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { hasWholeRequest = true }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            for name in Self.connectionFields where head.headerFields.contains(name) { head.headerFields[name] = nil }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let buffer):
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            let count = UInt64(buffer.readableBytes)
            written.futureResult.assumeIsolated().whenSuccess { self.sentBytes += count }
            context.write(data, promise: written)
        case .end:
            // The stream's end would take with it what hasn't left yet.
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess { self.endStream(context) }
            context.write(data, promise: written)
        }
    }

    private func endStream(_ context: ChannelHandlerContext) {
        guard !hasWholeRequest, context.channel.isActive else { return }
        context.triggerUserOutboundEvent(NIOHTTP2FramePayloadToHTTPEvent.reset(code: .noError), promise: nil)
    }
}
