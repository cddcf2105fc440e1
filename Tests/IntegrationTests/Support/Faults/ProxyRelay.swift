import NIOCore
import NIOHTTP1

/// One client's connection through a fault proxy, request by request.
///
/// What passes is noted before it does: whoever gets it may ask at once.
struct ProxyRelay {
    /// The connection is to be closed.
    struct Cut: Error {}

    /// How much passes at once, in bytes.
    private static let blockSize = 16 << 10

    var requests: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    var answers: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    let client: any Channel
    let server: any Channel

    /// The next request's head; nil when the client has left.
    mutating func nextHead() async throws -> HTTPRequestHead? {
        while let part = try await requests.next() {
            if case .head(let head) = part { return head }
        }
        return nil
    }

    /// Passes a request on, and its answer back.
    ///
    /// - Parameter note: told what passed.
    mutating func pass(
        _ head: HTTPRequestHead,
        with fault: Fault,
        note: @Sendable ((inout ProxiedRequest) -> Void) -> Void
    ) async throws {
        if let (status, headers) = fault.answer {
            while let _ = try await nextBlock() {}
            note { $0.status = status }
            return try await answer(status, headers, head)
        }
        var head = head
        if fault.dropsRange { head.headers.remove(name: "Range") }
        try await passRequest(head, fault, note)
        try await passAnswer(fault, note)
    }

    private mutating func passRequest(
        _ head: HTTPRequestHead,
        _ fault: Fault,
        _ note: ((inout ProxiedRequest) -> Void) -> Void
    ) async throws {
        var passage = Passage(fault.requestBreak, fault.bytesPerSecond)
        var held: [ByteBuffer] = []
        if !fault.buffersRequest { try await server.writeAndFlush(HTTPClientRequestPart.head(head)) }
        while var buffer = try await nextBlock() {
            while let block = buffer.readSlice(length: min(Self.blockSize, max(buffer.readableBytes, 1))) {
                let passing = try await passage.admit(block)
                if fault.buffersRequest {
                    held.append(passing)
                } else {
                    note { $0.sent += passing.readableBytes }
                    try await server.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(passing)))
                }
                try await passage.finish()
            }
        }
        if fault.buffersRequest { try await server.writeAndFlush(HTTPClientRequestPart.head(head)) }
        for block in held {
            note { $0.sent += block.readableBytes }
            try await server.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(block)))
        }
        try await server.writeAndFlush(HTTPClientRequestPart.end(nil))
    }

    /// More of the request's body; nil at its end.
    private mutating func nextBlock() async throws -> ByteBuffer? {
        while let part = try await requests.next() {
            switch part {
            case .head: continue
            case .body(let buffer): return buffer
            case .end: return nil
            }
        }
        // The client has left in the middle.
        throw Cut()
    }

    private mutating func passAnswer(
        _ fault: Fault,
        _ note: ((inout ProxiedRequest) -> Void) -> Void
    ) async throws {
        var passage = Passage(fault.responseBreak, fault.bytesPerSecond)
        var position = 0
        while let part = try await answers.next() {
            switch part {
            case .head(var head):
                note { $0.status = head.status }
                for (name, value) in fault.addedHeaders { head.headers.add(name: name, value: value) }
                try await client.writeAndFlush(HTTPServerResponsePart.head(head))
            case .body(var buffer):
                while let block = buffer.readSlice(length: min(Self.blockSize, max(buffer.readableBytes, 1))) {
                    var passing = try await passage.admit(block)
                    if let byte = fault.corruptedByte, (position..<position + passing.readableBytes).contains(byte) {
                        let index = passing.readerIndex + byte - position
                        passing.setInteger(~(passing.getInteger(at: index, as: UInt8.self) ?? 0), at: index)
                    }
                    position += passing.readableBytes
                    note { $0.received += passing.readableBytes }
                    try await client.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(passing)))
                    try await passage.finish()
                }
            case .end:
                return try await client.writeAndFlush(HTTPServerResponsePart.end(nil))
            }
        }
        throw Cut()
    }

    private func answer(
        _ status: HTTPResponseStatus,
        _ headers: [(String, String)],
        _ head: HTTPRequestHead
    ) async throws {
        let headers = HTTPHeaders(headers + [("Content-Length", "0")])
        let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
        try await client.writeAndFlush(HTTPServerResponsePart.head(response))
        try await client.writeAndFlush(HTTPServerResponsePart.end(nil))
    }

    /// How much of one body passes, and how fast.
    private struct Passage {
        private var left: Int?
        private let kind: Fault.Break?
        private let bytesPerSecond: Int?
        private var debt = Duration.zero

        init(_ interruption: (after: Int, Fault.Break)?, _ bytesPerSecond: Int?) {
            left = interruption?.after
            kind = interruption?.1
            self.bytesPerSecond = bytesPerSecond
        }

        /// What may pass of `block`.
        mutating func admit(_ block: ByteBuffer) async throws -> ByteBuffer {
            var block = block
            let passing = left.map { min($0, block.readableBytes) } ?? block.readableBytes
            left? -= passing
            if let bytesPerSecond { debt += .seconds(Double(passing) / Double(bytesPerSecond)) }
            if debt > .milliseconds(5) {
                try await Task.sleep(for: debt)
                debt = .zero
            }
            return block.readSlice(length: passing) ?? ByteBuffer()
        }

        /// Ends or holds up the passage when its time has come.
        mutating func finish() async throws {
            guard left == 0, let kind else { return }
            if kind == .cut { throw Cut() }
            try await Task.sleep(for: .seconds(3600))
        }
    }
}
