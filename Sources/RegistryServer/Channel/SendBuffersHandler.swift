import NIOCore
import NIOHTTPTypes
import NIOPosix
import Storage

/// Sends a blob's bytes where they must pass through this process: under TLS, and as frames of HTTP/2.
///
/// They are read in chunks, each when the one before has left, so that a connection holds about one however slow its
/// client. What the kernel has in memory, nearly always all of it, is read on the event loop, where nothing waits; what
/// must come from the disk is read by another thread.
final class SendBuffersHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A chunk that goes through the processor's second cache at most once on its way.
    private static let chunkLength = 128 << 10
    /// How much is sent before other connections have their turn.
    private static let turnLength = 1 << 20

    private struct Part {
        let blob: OpenBlob
        var rest: Range<Int64>
        let promise: EventLoopPromise<Void>?
    }

    private var parts = CircularBuffer<Part>(initialCapacity: 2)
    /// Used again for each chunk, when nobody holds the one before.
    private var buffer = ByteBuffer()
    private var isReading = false
    private var isItsTurn = false

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let file = event as? SendFile else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        guard context.channel.isActive else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        parts.append(Part(blob: file.blob, rest: file.range, promise: promise))
        send(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(with: ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(with: ChannelError.ioOnClosedChannel)
    }

    private func send(_ context: ChannelHandlerContext) {
        // Writing below may make the channel writable again, which calls this.
        guard !isItsTurn else { return }
        isItsTurn = true
        defer { isItsTurn = false }
        var sent = 0
        while let part = parts.first, !isReading, context.channel.isWritable {
            guard sent < Self.turnLength else { return takeAnotherTurn(context) }
            let count = min(part.rest.count, Self.chunkLength)
            buffer.clear()
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: max(count, 1)) { memory in
                let memory = UnsafeMutableRawBufferPointer(rebasing: memory.prefix(count))
                return FileReading.now(part.blob, at: part.rest.lowerBound, into: memory) ?? 0
            }
            guard read > 0 || count == 0 else { return readAndSend(count, of: part, context) }
            sent += read
            write(buffer, context)
        }
    }

    private func takeAnotherTurn(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.0.send(bound.value.1) }
    }

    private func readAndSend(_ count: Int, of part: Part, _ context: ChannelHandlerContext) {
        isReading = true
        let allocator = context.channel.allocator
        let read = NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
            var buffer = allocator.buffer(capacity: count)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
                let memory = UnsafeMutableRawBufferPointer(rebasing: memory.prefix(count))
                try FileReading.waiting(part.blob, at: part.rest.lowerBound, into: memory)
                return count
            }
            return buffer
        }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        read.assumeIsolated().whenComplete { result in
            self.isReading = false
            // The connection may have gone meanwhile.
            guard !self.parts.isEmpty else { return }
            switch result {
            case .success(let buffer):
                self.write(buffer, context.value)
                self.send(context.value)
            case .failure(let error):
                // The head has promised these bytes: there is no other way to take it back.
                self.fail(with: error)
                context.value.close(promise: nil)
            }
        }
    }

    /// Writes the next bytes of the first part.
    private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        parts[parts.startIndex].rest.removeFirst(buffer.readableBytes)
        let isLast = parts[parts.startIndex].rest.isEmpty
        let promise = isLast ? parts.removeFirst().promise : nil
        context.writeAndFlush(wrapOutboundOut(.body(buffer)), promise: promise)
    }

    private func fail(with error: any Error) {
        while let part = parts.popFirst() { part.promise?.fail(error) }
    }
}

extension Range<Int64> {
    fileprivate mutating func removeFirst(_ count: Int) {
        self = lowerBound + Int64(count)..<upperBound
    }
}
