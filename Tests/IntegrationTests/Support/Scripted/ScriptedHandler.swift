import NIOCore
import NIOHTTP1

/// One connection of a scripted registry.
final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: ScriptedRegistry.Script
    private let log: RequestLog
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(script: @escaping ScriptedRegistry.Script, log: RequestLog) {
        self.script = script
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer):
            body += buffer.readableBytesView
        case .end:
            guard let head else { return }
            answer(script(log.add(head, body: body)), to: head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ answer: ScriptedAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if case .none = answer.ending { return context.close(promise: nil) }
        var headers = answer.headers
        if !headers.contains(name: "Content-Length"), case .complete = answer.ending {
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
        }
        let head = HTTPResponseHead(version: request.version, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD { writeBody(answer, context, promise: nil) }
        switch answer.ending {
        case .complete:
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut:
            closeWhenWritten(context)
        case .silence, .none:
            context.flush()
        case .never:
            writeForever(answer, context)
        }
    }

    private func writeBody(
        _ answer: ScriptedAnswer,
        _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: promise)
    }

    /// What was written before arrives; a close at once would drop it.
    private func closeWhenWritten(_ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in context.value.close(promise: nil) }
        context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: written)
    }

    private func writeForever(_ answer: ScriptedAnswer, _ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        // Ends when the client goes away: the write fails then.
        written.futureResult.whenSuccess { handler.value.writeForever(answer, context.value) }
        writeBody(answer, context.value, promise: written)
        context.value.flush()
    }
}
