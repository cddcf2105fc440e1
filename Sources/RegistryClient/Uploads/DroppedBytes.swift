import NIOCore

/// Content without its first bytes, which are read and dropped: for what can only be read from the beginning.
struct DroppedBytes<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    let base: Base
    let count: Int64

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), left: count)
    }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        var left: Int64

        mutating func next() async throws -> ByteBuffer? {
            while var buffer = try await base.next() {
                let dropped = Int(Swift.min(left, Int64(buffer.readableBytes)))
                buffer.moveReaderIndex(forwardBy: dropped)
                left -= Int64(dropped)
                if buffer.readableBytes > 0 { return buffer }
            }
            return nil
        }
    }
}
