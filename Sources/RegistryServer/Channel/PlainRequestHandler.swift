import HTTPTypes
import NIOCore
import NIOHTTP1

/// Tells a client that speaks plain HTTP to a listener of TLS that it should speak TLS; stands before TLS, and goes when
/// the first byte has come.
final class PlainRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var hasAnswered = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasAnswered else { return }
        let buffer = unwrapInboundIn(data)
        guard let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return }
        guard Self.isLetter(first) else {
            context.fireChannelRead(data)
            return context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
        hasAnswered = true
        context.writeAndFlush(wrapOutboundOut(Self.answer()), promise: nil)
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        // Were it closed at once, the kernel would answer what still comes with a reset, and the answer be lost.
        context.eventLoop.scheduleTask(in: ConnectionHandler.lingerTime) { bound.value.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard !hasAnswered else { return context.read() }
        context.fireChannelReadComplete()
    }

    /// What every method of HTTP begins with; a record of TLS with a handshake begins with 22.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func answer() -> ByteBuffer {
        let error = WireError(
            .badRequest,
            .unsupported,
            "this port speaks HTTPS; the request came in plain HTTP",
            detail: ["use https:// in the address, or take the registry off the client's list of insecure registries"]
        )
        let body = error.json
        var buffer = ByteBuffer(
            string: """
                HTTP/1.1 400 Bad Request\r
                Content-Type: application/json\r
                Content-Length: \(body.count)\r
                Connection: close\r
                \r\n
                """
        )
        buffer.writeBytes(body)
        return buffer
    }
}
