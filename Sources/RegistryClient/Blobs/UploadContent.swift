import NIOCore

/// Content to upload, whose own errors can be told from the connection's.
struct UploadContent<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    let base: Base

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator

        mutating func next() async throws -> ByteBuffer? {
            do {
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
