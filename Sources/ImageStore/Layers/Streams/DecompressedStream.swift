import SystemPackage

/// The bytes of a file, decompressed as they are read.
final class DecompressedStream: Decompressor {
    /// Which compressions are recognised, by their first bytes.
    enum Compressions {
        /// What a layer blob may be: nothing, gzip or zstd.
        case layers
        /// What a person may have: bzip2 and xz too.
        case archives
    }

    private let input: BlobInput
    private let decompressor: any Decompressor

    /// - Throws: ``LayerFailure`` when the file can't be read.
    init(_ file: FileDescriptor, accepting compressions: Compressions) throws(LayerFailure) {
        input = BlobInput(file)
        decompressor =
            try input.begins(with: GzipInflater.magic)
            ? GzipInflater(input) : try FilterChain(input, accepting: compressions)
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(LayerFailure) -> Int {
        try decompressor.read(into: room)
    }

    /// How many bytes were read from the file so far.
    var compressedCount: Int64 { input.count }
}
