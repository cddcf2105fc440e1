import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Storage

/// A part of a blob, ``maximumLength`` at most, to be sent as the body, or the next part of it, of the response whose head has been written.
struct SendFile: Sendable {
    let blob: OpenBlob
    let range: Range<Int64>

    /// In bytes.
    static let maximumLength: Int64 = 4 << 20
}

/// Hands a blob's bytes to the socket by sendfile(2): they never pass through this process.
///
/// Hummingbird's response parts hold byte buffers only, so a ``SendFile`` comes as an outbound event instead, in
/// order behind the head; it is written as a `FileRegion` from the place in the pipeline just behind the codec that
/// knows only buffers. The HTTP/1 encoder below takes it as it is, since the head has a `Content-Length`.
final class SendFileHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let file = event as? SendFile else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        do {
            let codec = try context.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
            let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.blob.descriptor.rawValue)
            let sent = context.eventLoop.makePromise(of: Void.self)
            sent.futureResult.assumeIsolated().whenComplete { _ in
                // The blob closes its descriptor itself, when nobody reads it any more; it is kept until here.
                withExtendedLifetime(file.blob) { _ = try? handle.takeDescriptorOwnership() }
            }
            sent.futureResult.cascade(to: promise)
            let region = FileRegion(
                fileHandle: handle,
                readerIndex: Int(file.range.lowerBound),
                endIndex: Int(file.range.upperBound)
            )
            codec.writeAndFlush(NIOAny(HTTPServerResponsePart.body(.fileRegion(region))), promise: sent)
        } catch {
            promise?.fail(error)
        }
    }
}
