import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue`, so that a client that waits to be asked for its body (curl, Java) sends it at once.
///
/// A client may have sent the request behind others: it is asked when their answers are through, never within them.
///
/// - SeeAlso: RFC 9110, section 10.1.1.
final class ContinueHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var unansweredRequests = 0
    /// Whether the last request that was read waits to be asked.
    private var isAwaited = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            unansweredRequests += 1
            isAwaited = head.headerFields[.expect]?.lowercased() == "100-continue"
            askIfItIsTheTurn(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        unansweredRequests -= 1
        askIfItIsTheTurn(context)
    }

    private func askIfItIsTheTurn(_ context: ChannelHandlerContext) {
        guard isAwaited, unansweredRequests == 1 else { return }
        isAwaited = false
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }
}
