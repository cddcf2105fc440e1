import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps one connection and its requests within the limits: what is beyond is answered with an error and closed.
///
/// The requests of a connection are answered one after the other, so a connection counts as one request while any of
/// its requests isn't answered, however many it has sent ahead.
final class AdmissionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a refused client may take to ask, and then to read the answer.
    private static let lingerTime = TimeAmount.seconds(1)

    private enum State {
        case open
        /// The first request gets this answer.
        case refusing(WireError)
        /// All is said; what still comes is thrown away. Were the connection closed at once, the kernel would answer
        /// the client's next bytes with a reset, and the client would never read why.
        case lingering
    }

    private let admission: Admission
    private let headerTime: TimeAmount
    private var state = State.open
    private var unansweredRequests = 0
    private var holdsRequest = false
    private var headerTimer: Scheduled<Void>?

    /// - Parameter headerTime: how long the first request's head may take.
    init(admission: Admission, headerTime: TimeAmount) {
        self.admission = admission
        self.headerTime = headerTime
    }

    func channelActive(context: ChannelHandlerContext) {
        let address = ClientAddress(context.channel.remoteAddress)
        let verdict = admission.admit(address)
        context.channel.closeFuture.whenComplete { [admission] _ in admission.leave(address, verdict) }
        switch verdict {
        case .admitted:
            headerTimer = close(in: headerTime, context)
            context.fireChannelActive()
        case .refused(let error):
            state = .refusing(error)
            headerTimer = close(in: Self.lingerTime, context)
            context.read()
        case .closed:
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        headerTimer?.cancel()
        endRequest()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.open, .head(let head)):
            headerTimer?.cancel()
            headerTimer = nil
            guard admits(head) else {
                admission.countRefusedRequest()
                // Behind others its answer can't be told apart from theirs.
                guard unansweredRequests == 0 else { return context.close(promise: nil) }
                return answer(head, with: .tooManyRequests, context)
            }
            unansweredRequests += 1
            context.fireChannelRead(data)
        case (.open, _):
            context.fireChannelRead(data)
        case (.refusing(let error), .head(let head)):
            headerTimer?.cancel()
            answer(head, with: error, context)
        case (.refusing, _), (.lingering, _):
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard case .open = state else { return context.read() }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // A head that can't be read has an answer too, without ever having been a request.
        if case .end = unwrapOutboundIn(data), unansweredRequests > 0 {
            unansweredRequests -= 1
            if unansweredRequests == 0 { endRequest() }
        }
        context.write(data, promise: promise)
    }

    private func admits(_ head: HTTPRequest) -> Bool {
        guard !holdsRequest else { return true }
        holdsRequest = admission.admitRequest()
        // Whether a server is well is to be told also when it is busy.
        return holdsRequest || RequestTarget(head.path ?? "").route == .health
    }

    private func endRequest() {
        guard holdsRequest else { return }
        holdsRequest = false
        admission.endRequest()
    }

    private func answer(_ request: HTTPRequest, with error: WireError, _ context: ChannelHandlerContext) {
        state = .lingering
        let (head, body) = error.parts
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .head { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        headerTimer = close(in: Self.lingerTime, context)
    }

    private func close(in time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.value.eventLoop.scheduleTask(in: time) { context.value.close(promise: nil) }
    }
}
