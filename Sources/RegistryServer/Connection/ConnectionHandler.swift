import NIOCore

/// Stands first in a connection's pipeline: has it admitted, and closes it when it comes to no request in its time.
///
/// What TLS takes counts too: whoever connects and says nothing, or greets us for ever, holds a connection that others
/// want.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// How long a refused client may take to ask, and then to read the answer.
    static let lingerTime = TimeAmount.seconds(1)

    private let admission: Admission
    private let headerTime: TimeAmount
    /// Behind a proxy that is believed all clients have its address.
    private let isProxy: Bool
    private var timer: Scheduled<Void>?
    private var hasRequest = false
    /// What every request of this connection is answered with; nil when it was admitted.
    private(set) var refusal: WireError?

    /// - Parameter headerTime: how long the first request's head may take.
    init(admission: Admission, headerTime: TimeAmount, isProxy: Bool) {
        self.admission = admission
        self.headerTime = headerTime
        self.isProxy = isProxy
    }

    func channelActive(context: ChannelHandlerContext) {
        let address = ClientAddress(context.channel.remoteAddress)
        let verdict = admission.admit(address, isProxy: isProxy)
        context.channel.closeFuture.whenComplete { [admission] _ in admission.leave(address, verdict) }
        switch verdict {
        case .admitted:
            closeChannel(in: headerTime, context)
        case .refused(let error):
            refusal = error
            closeChannel(in: Self.lingerTime, context)
        case .closed:
            return context.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    /// A server that stops doesn't wait for those who have asked for nothing yet.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !hasRequest { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// A request's head has come.
    func requestCame() {
        guard !hasRequest else { return }
        hasRequest = true
        // A connection that was refused ends, whatever it asks for.
        if refusal == nil { timer?.cancel() }
    }

    private func closeChannel(in time: TimeAmount, _ context: ChannelHandlerContext) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.value.eventLoop.scheduleTask(in: time) { context.value.close(promise: nil) }
    }
}
