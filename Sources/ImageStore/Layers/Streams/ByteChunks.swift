/// A stream of bytes that come in chunks, as large as suits whoever makes them.
protocol ByteChunks: AnyObject {
    /// The next bytes, which stay valid until the next call; nil at the end.
    func next() throws(LayerFailure) -> UnsafeRawBufferPointer?
    /// How many bytes of a compressed file the chunks up to the last one were made of.
    var compressedCount: Int64 { get }
}
