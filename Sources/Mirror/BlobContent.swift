import NIOCore
import RegistryClient

/// A blob's bytes, wherever they come from.
package enum BlobContent: AsyncSequence, Sendable {
    case registry(BlobBytes)
    /// The same, no faster than the registry's limits allow.
    case paced(BlobBytes, Traffic)
    case file(FileBlob)

    package func makeAsyncIterator() -> Iterator {
        switch self {
        case .registry(let bytes): .registry(bytes.makeAsyncIterator())
        case .paced(let bytes, let traffic): .paced(bytes.makeAsyncIterator(), traffic)
        case .file(let blob): .file(blob.makeAsyncIterator())
        }
    }

    package enum Iterator: AsyncIteratorProtocol {
        case registry(BlobBytes.Iterator)
        case paced(BlobBytes.Iterator, Traffic)
        case file(FileBlob.Iterator)

        package mutating func next() async throws -> ByteBuffer? {
            switch self {
            case .registry(var iterator):
                defer { self = .registry(iterator) }
                return try await iterator.next()
            case .paced(var iterator, let traffic):
                defer { self = .paced(iterator, traffic) }
                guard let buffer = try await iterator.next() else { return nil }
                try await traffic.admit(bytes: buffer.readableBytes)
                return buffer
            case .file(var iterator):
                defer { self = .file(iterator) }
                return try await iterator.next()
            }
        }
    }
}
