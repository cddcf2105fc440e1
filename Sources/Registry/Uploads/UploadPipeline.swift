import ImageSpec
import NIOCore
import Storage

/// Takes a body into an upload: while one segment is hashed and written, at once, the next one is received.
///
/// At most two segments are in memory, whatever the body's size; a slow disk slows the client.
struct UploadPipeline: Sendable {
    /// In bytes: long enough to make the cost of a hand-over small, short enough for many uploads at once.
    static let segmentLength = 512 << 10

    let appender: any UploadAppender
    let checkpointInterval: Int64
    /// How long the whole blob may become, in bytes.
    let maximumSize: Int64
    let freeSpace: FreeSpace
    /// Makes the session's progress durable.
    let save: @Sendable (UploadSession) async throws -> Void

    /// Receives `body`.
    ///
    /// - Returns: the session behind the last byte that came and is written, and what ended the body before its end: its
    ///   own failure, or that of writing it.
    func run<Body: AsyncSequence & Sendable>(
        _ body: Body,
        into session: UploadSession
    ) async -> (session: UploadSession, interruption: (any Error)?) where Body.Element == ByteBuffer {
        await withThrowingTaskGroup(of: UploadSession.self) { group in
            // Up to where all is written; the segment that is on its way comes behind.
            var session = session
            var savedOffset = session.offset
            var end = session.offset
            var segment = Segment()
            var interruption: (any Error)?
            var iterator = body.makeAsyncIterator()
            do {
                while let buffer = await next(of: &iterator, interruption: &interruption) {
                    guard end + Int64(segment.byteCount + buffer.readableBytes) <= maximumSize else {
                        interruption = RegistryError.blobTooLarge(limit: maximumSize)
                        break
                    }
                    segment.append(buffer)
                    guard segment.byteCount >= Self.segmentLength else { continue }
                    do {
                        try await freeSpace.claim(segment.byteCount)
                    } catch {
                        // There is room for this segment in what is kept free: the client need not send it again.
                        interruption = error
                        break
                    }
                    if let written = try await group.next() { session = written }
                    if session.offset - savedOffset >= checkpointInterval {
                        try await save(session)
                        savedOffset = session.offset
                    }
                    end += Int64(segment.byteCount)
                    process(segment, of: session, in: &group)
                    segment = Segment()
                }
                if let written = try await group.next() { session = written }
                process(segment, of: session, in: &group)
                if let written = try await group.next() { session = written }
            } catch {
                // What was written before stays: the client goes on there when there is room again.
                return (session, interruption ?? error)
            }
            return (session, interruption)
        }
    }

    /// The body's next bytes; nil at its end, and when it fails, which `interruption` then tells.
    private func next<Iterator: AsyncIteratorProtocol>(
        of iterator: inout Iterator,
        interruption: inout (any Error)?
    ) async -> ByteBuffer? where Iterator.Element == ByteBuffer {
        do {
            return try await iterator.next()
        } catch {
            interruption = error
            return nil
        }
    }

    /// Begins to hash and write `segment`; the group's next result is the session behind it.
    private func process(
        _ segment: Segment,
        of session: UploadSession,
        in group: inout ThrowingTaskGroup<UploadSession, any Error>
    ) {
        guard segment.byteCount > 0 else { return }
        group.addTask { [appender] in
            async let written: Void = appender.append(segment.buffers)
            var session = session
            for buffer in segment.buffers {
                buffer.withUnsafeReadableBytes { session.hasher.update($0) }
            }
            session.offset += Int64(segment.byteCount)
            try await written
            return session
        }
    }
}
