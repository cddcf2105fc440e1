import NIOCore

/// Bytes in memory as content to upload.
struct Bytes: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let start: Int64

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[Int(start)...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(65536) }
            return ByteBuffer(bytes: rest.prefix(65536))
        }
    }
}
