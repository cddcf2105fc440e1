import ImageSpec
import NIOCore

/// The bytes of a blob in a file, verified.
///
/// From the first byte on, the last of them come only once the digest is proven.
package struct FileBlob: AsyncSequence, Sendable {
    /// In bytes.
    private static let chunkSize = 256 << 10

    let slice: FileSlice
    let digest: Digest
    /// Which byte comes first.
    let start: Int64

    package func makeAsyncIterator() -> Iterator {
        Iterator(slice: slice, digest: digest, start: start)
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let slice: FileSlice
        private let digest: Digest
        /// Nil when bytes at the beginning are left out.
        private var hasher: DigestHasher?
        private var position: Int64
        private var isVerified = false

        fileprivate init(slice: FileSlice, digest: Digest, start: Int64) {
            self.slice = slice
            self.digest = digest
            hasher = start == 0 ? DigestHasher(digest.algorithm) : nil
            position = start
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
            buffer.withUnsafeReadableBytes { hasher?.update($0) }
            position += Int64(count)
            if position == slice.size { try verify() }
            return buffer
        }

        private mutating func verify() throws {
            guard !isVerified, let actual = hasher?.finalize() else { return }
            isVerified = true
            guard actual == digest else {
                throw MirrorError.wrongContent(slice.file.path, expected: digest, actual: actual)
            }
        }
    }
}
