/// The chunks of a stream that are made when they are asked for, by whoever asks.
final class BufferedChunks: ByteChunks {
    /// In bytes.
    private static let size = 256 << 10

    private let stream: DecompressedStream
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)

    init(_ stream: DecompressedStream) {
        self.stream = stream
    }

    deinit {
        buffer.deallocate()
    }

    func next() throws(LayerFailure) -> UnsafeRawBufferPointer? {
        let count = try stream.read(into: buffer)
        return count > 0 ? UnsafeRawBufferPointer(rebasing: buffer[..<count]) : nil
    }

    var compressedCount: Int64 { stream.compressedCount }
}
