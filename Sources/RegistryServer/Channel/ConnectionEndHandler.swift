import NIOCore
import NIOHTTP1

/// Ends a connection behind the answer to a request that is its last: one that says `Connection: close` in any of the
/// ways there are, one of HTTP/1.0 that doesn't ask for more, and one that wants another protocol.
///
/// Behind a request with `Upgrade`, or a `CONNECT`, NIO's parser waits for whoever is to take the connection over, and
/// keeps all that comes: nothing may be read any more. There is no other protocol here, so the request is answered as
/// if it didn't ask, and the client sends the next one on a new connection.
///
/// - SeeAlso: RFC 9112, section 9.6; RFC 9110, section 7.8.
final class ConnectionEndHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a client may take to read the answer before the connection is cut.
    private static let lingerTime = TimeAmount.seconds(1)

    private enum State {
        case open
        /// The last request is being received.
        case receivingLast
        /// It is received: nothing more is read.
        case stopped
        /// It is answered: what still comes is thrown away.
        case lingering
    }

    private var state = State.open
    private var unansweredRequests = 0
    /// The parser keeps what comes, so that nothing may be read to be thrown away either.
    private var parserHasStopped = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.open, .head(let head)):
            unansweredRequests += 1
            parserHasStopped = head.method == .CONNECT || head.headers.contains(name: "Upgrade")
            if parserHasStopped || Self.isLast(head) { state = .receivingLast }
        case (.receivingLast, .end):
            state = .stopped
        case (.open, _), (.receivingLast, _):
            break
        case (.stopped, _), (.lingering, _):
            return
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        switch state {
        case .open, .receivingLast: context.read()
        case .stopped: break
        case .lingering: if !parserHasStopped { context.read() }
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isLast = state != .open && unansweredRequests <= 1
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast && head.status.code >= 200:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unansweredRequests -= 1
            guard isLast else { return context.write(data, promise: promise) }
            // An answer before the request's end is one that ends the connection anyhow.
            state = .lingering
            context.writeAndFlush(data, promise: promise)
            linger(context)
        default:
            context.write(data, promise: promise)
        }
    }

    /// Were the connection closed at once, the kernel would answer what the client still sends with a reset, and the
    /// client would never read the answer.
    private func linger(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        read(context: context)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.lingerTime) { bound.value.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if state == .lingering { read(context: context) }
    }

    private static func isLast(_ head: HTTPRequestHead) -> Bool {
        let options = head.headers[canonicalForm: "Connection"].map { $0.lowercased() }
        if head.version.major == 1, head.version.minor == 0 { return !options.contains("keep-alive") }
        return options.contains("close")
    }
}
