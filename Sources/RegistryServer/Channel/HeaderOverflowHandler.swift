import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Tells a client whose headers are too long that they are, where all that Hummingbird would say is 400.
///
/// - SeeAlso: RFC 6585, section 5.
final class HeaderOverflowHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var unansweredRequests = 0
    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { unansweredRequests += 1 }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // What those behind say of the same error would be a second answer.
        guard !hasRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        if case .end = unwrapOutboundIn(data) { unansweredRequests -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // With answers still to come for requests before it, the place for this one's is not reached: 400, then.
        if error as? HTTPParserError == .headerOverflow, unansweredRequests == 0, !hasRefused {
            hasRefused = true
            refuse(context)
        }
        context.fireErrorCaught(error)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let error = WireError(
            .requestHeaderFieldsTooLarge,
            .unsupported,
            "the request's headers have more bytes than are accepted here",
            detail: ["send fewer headers, a shorter token, or fewer tags at once"],
            headers: [.connection: "close"]
        )
        let body = ByteBuffer(bytes: error.json)
        var head = HTTPResponse(status: error.status, headerFields: error.headers)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.contentLength] = String(body.readableBytes)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
