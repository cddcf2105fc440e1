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
    /// - Returns: the session behind the last byte that came, and what the body ended with when it wasn't its end.
    /// - Throws: what writing failed with.
    func run<Body: AsyncSequence & Sendable>(
        _ body: Body,
        into session: UploadSession
    ) async throws -> (session: UploadSession, interruption: (any Error)?) where Body.Element == ByteBuffer {
        try await withThrowingTaskGroup(of: DigestHasher.self) { group in
            var session = session
            var savedOffset = session.offset
            var interruption: (any Error)?
            var segment = Segment()
            var iterator = body.makeAsyncIterator()
            while true {
                do {
                    guard let buffer = try await iterator.next() else { break }
                    segment.append(buffer)
                    guard session.offset + Int64(segment.byteCount) <= maximumSize else {
                        throw RegistryError.blobTooLarge(limit: maximumSize)
                    }
                } catch {
                    interruption = error
                    break
                }
                guard segment.byteCount >= Self.segmentLength else { continue }
                do {
                    try await freeSpace.claim(segment.byteCount)
                } catch {
                    // There is room for this segment in what is kept free: the client need not send it again.
                    interruption = error
                    break
                }
                if let hasher = try await group.next() { session.hasher = hasher }
                if session.offset - savedOffset >= checkpointInterval {
                    try await save(session)
                    savedOffset = session.offset
                }
                process(segment, of: &session, in: &group)
                segment = Segment()
            }
            if let hasher = try await group.next() { session.hasher = hasher }
            process(segment, of: &session, in: &group)
            if let hasher = try await group.next() { session.hasher = hasher }
            return (session, interruption)
        }
    }

    /// Begins to hash and write `segment`; the group's next result is the hash behind it.
    private func process(
        _ segment: Segment,
        of session: inout UploadSession,
        in group: inout ThrowingTaskGroup<DigestHasher, any Error>
    ) {
        guard segment.byteCount > 0 else { return }
        session.offset += Int64(segment.byteCount)
        group.addTask { [hasher = session.hasher, appender] in
            async let written: Void = appender.append(segment.buffers)
            var hasher = hasher
            for buffer in segment.buffers {
                buffer.withUnsafeReadableBytes { hasher.update($0) }
            }
            try await written
            return hasher
        }
    }

}
