import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// The bytes of a blob as a registry sends them, verified.
///
/// The iteration ends only after exactly as many bytes as the descriptor says, and with its digest: the last
/// bytes are held back until that is proven.
package struct BlobBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let client: RegistryClient
    let descriptor: Descriptor
    let repository: RepositoryName
    let url: URL
    /// Which byte comes first.
    package let start: Int64
    let hasher: DigestHasher?

    package func makeAsyncIterator() -> Iterator {
        Iterator(blob: self, hasher: hasher, position: start)
    }

    package struct Iterator: AsyncIteratorProtocol {
        /// How many connections one blob may take, even if each brings some bytes.
        private static let maximumConnections = 100

        fileprivate let blob: BlobBytes
        /// Nil when bytes at the beginning are left out that nobody here has seen.
        fileprivate var hasher: DigestHasher?
        /// How many bytes have been handed on, the prefix included.
        fileprivate var position: Int64
        private var body: HTTPClientResponse.Body.AsyncIterator?
        /// How many bytes of the answer to drop: a server that doesn't know ranges starts at the beginning.
        private var surplus: Int64 = 0
        private var failuresInARow = 0
        private var connections = 0
        /// Whether the registry has answered with any of it.
        private var hasBegun = false

        fileprivate init(blob: BlobBytes, hasher: DigestHasher?, position: Int64) {
            self.blob = blob
            self.hasher = hasher
            self.position = position
        }

        /// - Throws: ``RegistryClientError``.
        package mutating func next() async throws -> ByteBuffer? {
            guard position < blob.descriptor.size else { return try await finish() }
            while true {
                do {
                    return try await read()
                } catch {
                    body = nil
                    failuresInARow += 1
                    guard
                        connections < Self.maximumConnections,
                        let delay = blob.client.configuration.retries.delay(
                            after: error,
                            attempt: failuresInARow,
                            hasBegun: hasBegun
                        )
                    else { throw error }
                    try await Task.sleep(for: delay)
                }
            }
        }

        private mutating func read() async throws -> ByteBuffer {
            if body == nil { try await connect() }
            while var buffer = try await nextOfBody() {
                let dropped = Int(Swift.min(surplus, Int64(buffer.readableBytes)))
                buffer.moveReaderIndex(forwardBy: dropped)
                surplus -= Int64(dropped)
                guard buffer.readableBytes > 0 else { continue }
                try take(buffer)
                return buffer
            }
            throw RegistryClientError.truncated(
                url: blob.url.withoutQuery,
                expected: blob.descriptor.size,
                actual: position
            )
        }

        private mutating func take(_ buffer: ByteBuffer) throws {
            let end = position + Int64(buffer.readableBytes)
            guard end <= blob.descriptor.size else { throw wrongLength(end) }
            buffer.withUnsafeReadableBytes { hasher?.update($0) }
            if end == blob.descriptor.size { try verify() }
            position = end
            failuresInARow = 0
        }

        /// All bytes are here: what follows them must be the end.
        private mutating func finish() async throws -> ByteBuffer? {
            // Nothing was fetched, so nothing was verified yet.
            if connections == 0 { try verify() }
            // Read up to the end, so that the connection can be used again; whether that works matters no more.
            let rest = try? await nextOfBody()
            body = nil
            if let rest, rest.readableBytes > 0 { throw wrongLength(position + Int64(rest.readableBytes)) }
            return nil
        }

        private func verify() throws {
            guard let actual = hasher?.finalize(), actual != blob.descriptor.digest else { return }
            throw RegistryClientError.wrongContent(
                url: blob.url.withoutQuery,
                expected: blob.descriptor.digest,
                actual: actual
            )
        }

        private mutating func nextOfBody() async throws -> ByteBuffer? {
            do {
                return try await body?.next()
            } catch {
                throw blob.client.connectionError(error, to: blob.url)
            }
        }

        /// Asks for the bytes from `position` on.
        private mutating func connect() async throws {
            connections += 1
            var request = RegistryRequest(method: .GET, url: blob.url, access: .pull(blob.repository))
            if position > 0 { request.headers.add(name: "Range", value: "bytes=\(position)-") }
            let response = try await blob.client.sendOnce(request, expecting: position > 0 ? [200, 206] : [200])
            if response.status == .partialContent {
                try checkRange(of: response)
                surplus = 0
            } else {
                surplus = position
            }
            if let length = response.headers.first(name: "Content-Length").flatMap({ Int64($0) }) {
                let total = length.addingReportingOverflow(position - surplus)
                guard !total.overflow, total.partialValue == blob.descriptor.size else { throw wrongLength(length) }
            }
            body = response.body.makeAsyncIterator()
            hasBegun = true
        }

        private func checkRange(of response: HTTPClientResponse) throws {
            let range = response.headers.first(name: "Content-Range") ?? ""
            guard range.hasPrefix("bytes \(position)-") else {
                throw RegistryClientError.invalidResponse(
                    url: blob.url.withoutQuery,
                    reason: "bytes from \(position) on were asked for, but it has Content-Range '\(range.prefix(100))'"
                )
            }
        }

        private func wrongLength(_ actual: Int64) -> RegistryClientError {
            .wrongLength(url: blob.url.withoutQuery, expected: blob.descriptor.size, actual: actual)
        }
    }
}
