import NIOCore
import RegistryClient

/// A blob's bytes, wherever they come from.
package enum BlobContent: AsyncSequence, Sendable {
    case registry(BlobBytes)
    case file(FileBlob)

    package func makeAsyncIterator() -> Iterator {
        switch self {
        case .registry(let bytes): .registry(bytes.makeAsyncIterator())
        case .file(let blob): .file(blob.makeAsyncIterator())
        }
    }

    package enum Iterator: AsyncIteratorProtocol {
        case registry(BlobBytes.Iterator)
        case file(FileBlob.Iterator)

        package mutating func next() async throws -> ByteBuffer? {
            switch self {
            case .registry(var iterator):
                defer { self = .registry(iterator) }
                return try await iterator.next()
            case .file(var iterator):
                defer { self = .file(iterator) }
                return try await iterator.next()
            }
        }
    }
}
