import ImageSpec
import NIOCore

/// The bytes of a blob in a file, verified.
///
/// The iteration ends only after exactly as many bytes as the descriptor says, and with its digest: the last bytes
/// are held back until that is proven.
package struct FileBlob: AsyncSequence, Sendable {
    /// In bytes.
    private static let chunkSize = 256 << 10

    let slice: FileSlice
    let digest: Digest

    package func makeAsyncIterator() -> Iterator {
        Iterator(slice: slice, digest: digest)
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let slice: FileSlice
        private let digest: Digest
        private var hasher: DigestHasher
        private var position: Int64 = 0
        private var isVerified = false

        fileprivate init(slice: FileSlice, digest: Digest) {
            self.slice = slice
            self.digest = digest
            hasher = DigestHasher(digest.algorithm)
        }

        /// - Throws: ``MirrorError``.
        package mutating func next() throws -> ByteBuffer? {
            guard position < slice.size else {
                try verify()
                return nil
            }
            let wanted = Int(Swift.min(Int64(FileBlob.chunkSize), slice.size - position))
            var buffer = ByteBuffer()
            let start = slice.offset + position
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { room in
                try slice.file.read(at: start, into: UnsafeMutableRawBufferPointer(rebasing: room[..<wanted]))
            }
            guard count == wanted else {
                throw MirrorError.invalidFile(slice.file.path, reason: "it ends in the middle of \(digest)")
            }
            buffer.withUnsafeReadableBytes { hasher.update($0) }
            position += Int64(count)
            if position == slice.size { try verify() }
            return buffer
        }

        private mutating func verify() throws {
            guard !isVerified else { return }
            isVerified = true
            let actual = hasher.finalize()
            guard actual == digest else {
                throw MirrorError.wrongContent(slice.file.path, expected: digest, actual: actual)
            }
        }
    }
}
