import NIOCore

/// Bytes of an upload on their way from the network to the disk, not copied where that's cheaper.
struct Segment: Sendable {
    /// A buffer with fewer bytes than this is copied: its storage may be many times as large as its content, and a
    /// client that sends single bytes shall not fill the memory.
    private static let smallBufferLength = 8 << 10

    private(set) var buffers: [ByteBuffer] = []
    private(set) var byteCount = 0
    private var endsWithCopy = false

    mutating func append(_ buffer: ByteBuffer) {
        byteCount += buffer.readableBytes
        guard buffer.readableBytes < Self.smallBufferLength else {
            buffers.append(buffer)
            endsWithCopy = false
            return
        }
        if endsWithCopy {
            buffers[buffers.count - 1].writeImmutableBuffer(buffer)
        } else {
            buffers.append(ByteBuffer(bytes: buffer.readableBytesView))
            endsWithCopy = true
        }
    }
}
