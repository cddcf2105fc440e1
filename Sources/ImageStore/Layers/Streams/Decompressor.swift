/// What takes a compression, or none, off the bytes of a ``BlobInput``.
protocol Decompressor {
    /// Fills `room` as far as there are bytes.
    ///
    /// - Returns: how many bytes there were; none only at the end.
    func read(into room: UnsafeMutableRawBufferPointer) throws(LayerFailure) -> Int
}
