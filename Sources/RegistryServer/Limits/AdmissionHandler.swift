import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Keeps the requests of one connection, or the one of a stream of HTTP/2, within the limits: what is beyond is answered
/// with an error and closed.
///
/// The requests of a connection of HTTP/1 are answered one after the other, so a connection counts as one request while
/// any of its requests isn't answered, however many it has sent ahead.
final class AdmissionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case open
        /// All is said; what still comes is thrown away. Were the connection closed at once, the kernel would answer
        /// the client's next bytes with a reset, and the client would never read why.
        case lingering
    }

    private let admission: Admission
    private let connection: ConnectionHandler
    /// Whether it is a stream's, which ends with its answer and takes no other with it.
    private let isStream: Bool
    private var state = State.open
    private var unansweredRequests = 0
    private var holdsRequest = false
    private var lingerTimer: Scheduled<Void>?

    init(admission: Admission, connection: ConnectionHandler, isStream: Bool) {
        self.admission = admission
        self.connection = connection
        self.isStream = isStream
    }

    func channelInactive(context: ChannelHandlerContext) {
        lingerTimer?.cancel()
        endRequest()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.open, .head(let head)):
            connection.requestCame()
            if let refusal = connection.refusal { return answer(head, with: refusal, context) }
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
        case (.lingering, _):
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
        guard !isStream else { return }
        context.close(mode: .output, promise: nil)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        lingerTimer = context.value.eventLoop.scheduleTask(in: ConnectionHandler.lingerTime) {
            context.value.close(promise: nil)
        }
    }
}
