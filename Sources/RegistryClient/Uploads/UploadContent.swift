import NIOCore

/// A part of what is uploaded, whose own errors can be told from the connection's.
struct UploadContent<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    /// Gives the content from a byte on.
    let open: @Sendable (Int64) throws -> Base
    let range: Range<Int64>
    /// Told how many bytes of the whole content have been handed on.
    let onBytes: @Sendable (Int64) -> Void

    func makeAsyncIterator() -> Iterator {
        Iterator(content: self, position: range.lowerBound)
    }

    struct Iterator: AsyncIteratorProtocol {
        let content: UploadContent
        var position: Int64
        private var base: Base.AsyncIterator?

        init(content: UploadContent, position: Int64) {
            self.content = content
            self.position = position
        }

        mutating func next() async throws -> ByteBuffer? {
            content.onBytes(position)
            guard position < content.range.upperBound, var buffer = try await read() else { return nil }
            let left = content.range.upperBound - position
            if Int64(buffer.readableBytes) > left {
                buffer.moveWriterIndex(to: buffer.readerIndex + Int(left))
            }
            position += Int64(buffer.readableBytes)
            return buffer
        }

        private mutating func read() async throws -> ByteBuffer? {
            do {
                var base = try base ?? content.open(content.range.lowerBound).makeAsyncIterator()
                defer { self.base = base }
                return try await base.next()
            } catch {
                throw UploadContentError(underlying: error)
            }
        }
    }
}

/// The content could not be read.
struct UploadContentError: Error {
    let underlying: any Error
}
