import HTTPTypes
import Hummingbird
import NIOCore

/// A request's body that tells a body that ended from one that was cut.
struct ReceivedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// The body ended before its end.
    struct Interrupted: Error, CustomStringConvertible {
        let received: Int64
        let expected: Int64?

        var description: String {
            let bytes = expected.map { "\(received) of its \($0) bytes" } ?? "\(received) bytes"
            return "the request's body ended after \(bytes)"
        }
    }

    private let body: RequestBody
    /// From `Content-Length`; nil when the body is chunked.
    let length: Int64?

    init(_ request: Request) {
        body = request.body
        length = request.headers[.contentLength].flatMap { Int64($0) }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), length: length)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var body: RequestBody.AsyncIterator
        fileprivate let length: Int64?
        private var received: Int64 = 0

        fileprivate init(body: RequestBody.AsyncIterator, length: Int64?) {
            self.body = body
            self.length = length
        }

        mutating func next() async throws -> ByteBuffer? {
            do {
                if let buffer = try await body.next() {
                    received += Int64(buffer.readableBytes)
                    return buffer
                }
            } catch let error where error is ServerStopping || error is SlowClient {
                throw error
            } catch {
                throw Interrupted(received: received, expected: length)
            }
            // A connection that goes, and a task that is cancelled, look like the body's end from here.
            guard !Task.isCancelled, received == length ?? received else {
                throw Interrupted(received: received, expected: length)
            }
            return nil
        }
    }

    /// The whole body, at most `limit` bytes.
    ///
    /// - Parameter claim: is called for the memory that each part of it takes, before it does.
    /// - Returns: nil when it has more.
    func collect(upTo limit: Int, claiming claim: (_ byteCount: Int) throws -> Void) async throws -> [UInt8]? {
        if let length, length > limit { return nil }
        var bytes: [UInt8] = []
        for try await buffer in self {
            guard bytes.count + buffer.readableBytes <= limit else { return nil }
            try claim(buffer.readableBytes)
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }
}
