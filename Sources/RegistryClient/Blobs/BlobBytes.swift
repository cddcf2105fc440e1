import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// The bytes of a blob as a registry sends them, verified.
///
/// The iteration of a whole blob ends only after exactly as many bytes as the descriptor says, and with its digest: the
/// last bytes are held back until that is proven.
package struct BlobBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let client: RegistryClient
    let descriptor: Descriptor
    let repository: RepositoryName
    /// Where the registry has it.
    let url: URL
    /// Which bytes come; a server that knows no ranges sends those behind them, too.
    let range: Range<Int64>
    /// Whether the whole from a server that knows no ranges is of no use.
    let needsRanges: Bool
    /// Nil when the digest is somebody else's to prove.
    let hasher: DigestHasher?

    /// Which byte comes first.
    package var start: Int64 { range.lowerBound }

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
        private var end: Int64
        /// Where it is asked for now.
        private var place: BlobPlace
        /// Where else there is to ask.
        private var otherPlaces: ArraySlice<BlobPlace>
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
            end = blob.range.upperBound
            place = BlobPlace(url: blob.url)
            otherPlaces = BlobPlace.foreign(of: blob.descriptor)[...]
        }

        /// - Throws: ``RegistryClientError``.
        package mutating func next() async throws -> ByteBuffer? {
            guard position < end else { return try await finish() }
            while true {
                do {
                    return try await read()
                } catch {
                    body = nil
                    failuresInARow += 1
                    if connections < Self.maximumConnections,
                        let delay = blob.client.configuration.retries.delay(
                            after: error,
                            attempt: failuresInARow,
                            hasBegun: hasBegun
                        )
                    {
                        try await Task.sleep(for: delay)
                    } else {
                        try goElsewhere(after: error)
                    }
                }
            }
        }

        /// A foreign layer that the registry lacks is asked for where its descriptor says.
        ///
        /// - Throws: `error`, when there is no reason to, or nowhere to go.
        private mutating func goElsewhere(after error: any Error) throws {
            guard let known = error as? RegistryClientError, place.isForeign ? !known.isWrongContent : known.isNotFound
            else { throw error }
            guard let next = otherPlaces.popFirst() else {
                guard !place.isForeign, blob.descriptor.mediaType.isNonDistributable, !blob.descriptor.urls.isEmpty
                else { throw error }
                throw RegistryClientError.foreignLayerRefused(blob.descriptor.digest, urls: blob.descriptor.urls)
            }
            place = next
            failuresInARow = 0
            hasBegun = false
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
                url: place.url.withoutQuery,
                expected: blob.descriptor.size,
                actual: position
            )
        }

        private mutating func take(_ buffer: ByteBuffer) throws {
            let next = position + Int64(buffer.readableBytes)
            guard next <= end else { throw wrongLength(next) }
            buffer.withUnsafeReadableBytes { hasher?.update($0) }
            if next == blob.descriptor.size { try verify() }
            position = next
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
                url: place.url.withoutQuery,
                expected: blob.descriptor.digest,
                actual: actual
            )
        }

        private mutating func nextOfBody() async throws -> ByteBuffer? {
            do {
                return try await body?.next()
            } catch {
                throw blob.client.connectionError(error, to: place.url)
            }
        }

        /// Asks for the bytes from `position` on.
        private mutating func connect() async throws {
            connections += 1
            var request = RegistryRequest(method: .GET, url: place.url, access: .pull(blob.repository))
            request.isAnonymous = place.isForeign
            let isPart = position > 0 || end < blob.descriptor.size
            if isPart {
                let last = end < blob.descriptor.size ? "\(end - 1)" : ""
                request.headers.add(name: "Range", value: "bytes=\(position)-\(last)")
            }
            let response = try await blob.client.sendOnce(request, expecting: isPart ? [200, 206] : [200])
            if response.status == .partialContent {
                try checkRange(of: response)
                surplus = 0
            } else {
                guard !blob.needsRanges else { throw RegistryClientError.rangesUnknown(url: place.url.withoutQuery) }
                surplus = position
                end = blob.descriptor.size
            }
            if let length = response.headers.first(name: "Content-Length").flatMap({ Int64($0) }) {
                let total = length.addingReportingOverflow(position - surplus)
                guard !total.overflow, total.partialValue == end else { throw wrongLength(length) }
            }
            body = response.body.makeAsyncIterator()
            hasBegun = true
        }

        private func checkRange(of response: HTTPClientResponse) throws {
            let range = response.headers.first(name: "Content-Range") ?? ""
            guard range.hasPrefix("bytes \(position)-") else {
                throw RegistryClientError.invalidResponse(
                    url: place.url.withoutQuery,
                    reason: "bytes from \(position) on were asked for, but it has Content-Range '\(range.prefix(100))'"
                )
            }
        }

        private func wrongLength(_ actual: Int64) -> RegistryClientError {
            .wrongLength(url: place.url.withoutQuery, expected: blob.descriptor.size, actual: actual)
        }
    }
}
