import NIOCore
import NIOHTTPTypes

/// Cuts off a client that sends or reads a body more slowly than it may.
///
/// Only the time that is spent waiting for the client counts: neither a slow disk of ours nor a request that takes long
/// to answer is held against it. Nothing is measured of requests that come and go at once.
final class TransferRateHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let minimumRate: Int
    private let stream: HTTP2AnswerHandler?
    private let interval: TimeAmount
    private var receivingDebt: RateDebt
    private var sendingDebt: RateDebt

    private var isReceivingBody = false
    private var received = 0
    /// Since when bytes are asked for and none have come.
    private var waitingSince: NIODeadline?
    private var waited = TimeAmount.zero
    /// When the reader was last looked at while it was behind, and what it had taken then.
    private var lastSent: (time: NIODeadline, acknowledged: UInt64)?
    private var isTicking = false

    /// - Parameters:
    ///   - minimumRate: in bytes a second.
    ///   - slowTime: how long a client may stay behind it.
    ///   - stream: what counts the bytes that leave by a stream of HTTP/2; nil for a connection, where the kernel does.
    init(minimumRate: Int, slowTime: TimeAmount, stream: HTTP2AnswerHandler?) {
        self.minimumRate = minimumRate
        self.stream = stream
        interval = .nanoseconds(min(max(slowTime.nanoseconds / 8, 20_000_000), 5_000_000_000))
        receivingDebt = RateDebt(minimumRate: minimumRate, limit: slowTime.nanoseconds)
        sendingDebt = receivingDebt
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReceivingBody = true
            received = 0
            waited = .zero
            // The time before the request was nobody's.
            if waitingSince != nil { waitingSince = .now() }
            receivingDebt.forgive()
        case .body(let buffer): received += buffer.readableBytes
        case .end: isReceivingBody = false
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let since = waitingSince {
            waited = waited + (NIODeadline.now() - since)
            waitingSince = nil
        }
        if isReceivingBody { tickIfNeeded(context) }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if waitingSince == nil { waitingSince = .now() }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable { tickIfNeeded(context) }
        context.fireChannelWritabilityChanged()
    }

    private func tickIfNeeded(_ context: ChannelHandlerContext) {
        guard !isTicking else { return }
        isTicking = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: interval) { bound.value.0.tick(bound.value.1) }
    }

    private func tick(_ context: ChannelHandlerContext) {
        isTicking = false
        guard context.channel.isActive else { return }
        judgeSender(context)
        judgeReader(context)
        if isReceivingBody || !context.channel.isWritable { tickIfNeeded(context) }
    }

    private func judgeSender(_ context: ChannelHandlerContext) {
        guard isReceivingBody else { return }
        if let since = waitingSince {
            let now = NIODeadline.now()
            waited = waited + (now - since)
            waitingSince = now
        }
        let isTooSlow = receivingDebt.add(waited: waited.nanoseconds, bytes: received)
        waited = .zero
        received = 0
        guard isTooSlow else { return }
        isReceivingBody = false
        context.fireUserInboundEventTriggered(RequestEnding(error: SlowClient(minimumRate: minimumRate)))
    }

    /// A reader is behind while the connection has more to send than the kernel takes.
    private func judgeReader(_ context: ChannelHandlerContext) {
        guard !context.channel.isWritable else {
            lastSent = nil
            sendingDebt.forgive()
            return
        }
        if let stream { return judgeReader(stream.sentBytes, context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        AcknowledgedBytes.of(context.channel).whenSuccess { acknowledged in
            guard let acknowledged else { return }
            bound.value.0.judgeReader(acknowledged, bound.value.1)
        }
    }

    private func judgeReader(_ acknowledged: UInt64, _ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        defer { lastSent = (now, acknowledged) }
        guard let last = lastSent else { return }
        let bytes = Int(clamping: acknowledged &- last.acknowledged)
        guard sendingDebt.add(waited: (now - last.time).nanoseconds, bytes: bytes) else { return }
        context.cut(isStream: stream != nil)
    }
}
