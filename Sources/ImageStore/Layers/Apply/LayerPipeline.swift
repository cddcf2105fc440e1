import ImageSpec
import Synchronization
import SystemPackage

/// Decompresses and hashes a layer, each on a thread of its own, beside the one that writes its files.
final class LayerPipeline {
    private let chunks = SharedChunks(readers: 2)
    private let decompressing: WorkThread
    private let hashing: WorkThread
    private let hash: Hash

    init(_ blob: FileDescriptor, algorithm: DigestAlgorithm) throws(LayerFailure) {
        let hash = Hash(algorithm)
        self.hash = hash
        decompressing = try WorkThread { [chunks] in
            chunks.fill { () throws(LayerFailure) in try DecompressedStream(blob, accepting: .layers) }
        }
        hashing = try WorkThread { [chunks] in hash.take(SharedChunks.Reader(1, of: chunks)) }
    }

    /// The uncompressed layer, for one reader.
    func reader() -> any ByteChunks { SharedChunks.Reader(0, of: chunks) }

    /// The layer's diff ID, when ``reader()`` has been read to its end.
    func finish() -> Digest {
        decompressing.join()
        hashing.join()
        return hash.digest
    }

    private final class Hash: Sendable {
        private let hasher: Mutex<DigestHasher>

        init(_ algorithm: DigestAlgorithm) {
            hasher = Mutex(DigestHasher(algorithm))
        }

        /// To the end; of bytes that can't be had the other reader learns as well.
        func take(_ bytes: any ByteChunks) {
            hasher.withLock { hasher in
                while let chunk = try? bytes.next() { hasher.update(chunk) }
            }
        }

        var digest: Digest { hasher.withLock { $0.finalize() } }
    }
}
