import NIOCore
import NIOHTTPTypes

/// The server is stopping, and the request's body did not end in the time that was left for it.
struct ServerStopping: Error {}

/// Ends a connection's requests when the server stops: they may go on for the drain time; then a body that is still
/// being received ends with ``ServerStopping``, so that its request can save what came and answer, and a response
/// that is still being sent is cut.
///
/// Without it one slow client could keep the server from stopping.
final class DrainHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// How long a request may take to answer once its body was ended.
    private static let answerTime = TimeAmount.seconds(5)

    private let drainTime: TimeAmount
    private var isReceivingBody = false

    init(drainTime: TimeAmount) {
        self.drainTime = drainTime
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isReceivingBody = true
        case .body: break
        case .end: isReceivingBody = false
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: drainTime) { handler.value.endRequests(context.value) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func endRequests(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard isReceivingBody else { return context.close(promise: nil) }
        context.fireErrorCaught(ServerStopping())
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.answerTime) { context.value.close(promise: nil) }
    }
}
