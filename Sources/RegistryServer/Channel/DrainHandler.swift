import NIOCore
import NIOHTTPTypes

/// The server is stopping, and the request's body did not end in the time that was left for it.
struct ServerStopping: Error {}

/// Asks ``DrainHandler`` to end a connection's requests now, for `error`.
struct RequestEnding {
    let error: any Error
}

/// Ends a connection's requests when the server stops: they may go on for the drain time; then a body that is still
/// being received ends with ``ServerStopping``, so that its request can save what came and answer, and a response
/// that is still being sent is cut. It does the same when a ``RequestEnding`` comes.
///
/// Without it one slow client could keep the server from stopping.
final class DrainHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a request may take to answer once its body was ended.
    private static let answerTime = TimeAmount.seconds(5)
    /// How long a client that is still sending has to read that answer.
    private static let lingerTime = TimeAmount.seconds(1)

    private enum State {
        case open
        /// The body that was being received has been ended.
        case bodyEnded
        /// All is said; what still comes is thrown away.
        case lingering
    }

    private let limits: LiveLimits
    private let isStream: Bool
    private var isReceivingBody = false
    private var state = State.open

    /// - Parameter isStream: whether the channel is a stream of HTTP/2, whose end takes no answer with it.
    init(limits: LiveLimits, isStream: Bool) {
        self.limits = limits
        self.isStream = isStream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state == .open else { return }
        switch unwrapInboundIn(data) {
        case .head: isReceivingBody = true
        case .body: break
        case .end: isReceivingBody = false
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard state == .open else { return context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            schedule(in: TimeAmount(limits.current.drainTime), context) { $0.endRequests($1, error: ServerStopping()) }
            // A stream ends with its answer anyhow; whoever closed it then would cut what waits for the client.
            if isStream { return }
        } else if let ending = event as? RequestEnding {
            return endRequests(context, error: ending.error)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Closes the connection in two steps when the client may still be sending: were it closed at once, the kernel
    /// would answer the client's next bytes with a reset, and the client would never read why.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard state == .bodyEnded, mode == .all, !isStream else { return context.close(mode: mode, promise: promise) }
        state = .lingering
        context.close(mode: .output, promise: nil)
        context.read()
        schedule(in: Self.lingerTime, context) { $1.close(promise: promise) }
    }

    private func endRequests(_ context: ChannelHandlerContext, error: any Error) {
        guard context.channel.isActive, state == .open else { return }
        guard isReceivingBody else { return context.cut(isStream: isStream) }
        state = .bodyEnded
        context.fireErrorCaught(error)
        context.read()
        schedule(in: Self.answerTime, context) { $1.cut(isStream: $0.isStream) }
    }

    private func schedule(
        in time: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping @Sendable (DrainHandler, ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: time) { work(bound.value.0, bound.value.1) }
    }
}
