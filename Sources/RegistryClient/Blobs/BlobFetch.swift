import ImageSpec
import NIOCore

/// Fetches a blob and hands its bytes on in their order, over several connections where that is faster.
struct BlobFetch: Sendable {
    private let client: RegistryClient
    private let descriptor: Descriptor
    private let repository: RepositoryName
    private let policy: RangePolicy
    private var hasher: DigestHasher
    private var position: Int64

    init(
        _ descriptor: Descriptor,
        of repository: RepositoryName,
        from client: RegistryClient,
        after prefix: BlobPrefix
    ) {
        self.client = client
        self.descriptor = descriptor
        self.repository = repository
        self.policy = client.configuration.ranges
        hasher = prefix.hasher
        position = prefix.length
    }

    /// - Throws: ``RegistryClientError/wrongContent(url:expected:actual:)`` after the last byte was handed on.
    mutating func run(_ handOn: (ByteBuffer) throws -> Void) async throws {
        if descriptor.size - position >= policy.smallestBlob, policy.connections > 1 {
            let rate = try await fetchBeginning(handOn)
            if Double(descriptor.size - position) / rate > policy.worthwhile / .seconds(1) {
                try await fetchRanges(fasterThan: rate * policy.leastGain, handOn)
            }
        }
        try await fetch(upTo: descriptor.size, handOn)
        let actual = hasher.finalize()
        guard actual == descriptor.digest else {
            throw RegistryClientError.wrongContent(
                url: try client.url(repository, "blobs/\(descriptor.digest)").withoutQuery,
                expected: descriptor.digest,
                actual: actual
            )
        }
    }

    /// One segment, or all of it from a server that knows no ranges; gives the bytes a second.
    private mutating func fetchBeginning(_ handOn: (ByteBuffer) throws -> Void) async throws -> Double {
        let began = ContinuousClock.now
        let start = position
        try await fetch(upTo: min(position + policy.segment, descriptor.size), handOn)
        return Double(position - start) / max((ContinuousClock.now - began) / .seconds(1), 1e-6)
    }

    /// Over one connection; a server that knows no ranges sends what is behind `end`, too.
    private mutating func fetch(upTo end: Int64, _ handOn: (ByteBuffer) throws -> Void) async throws {
        guard position < end else { return }
        var bytes = try client.blob(descriptor, in: repository, position..<end).makeAsyncIterator()
        while let buffer = try await bytes.next() { try take(buffer, handOn) }
    }

    private mutating func take(_ buffer: ByteBuffer, _ handOn: (ByteBuffer) throws -> Void) throws {
        buffer.withUnsafeReadableBytes { hasher.update($0) }
        try handOn(buffer)
        position += Int64(buffer.readableBytes)
    }

    /// Segments over several connections, until all are here or it proves not to be worth it.
    private mutating func fetchRanges(
        fasterThan leastRate: Double,
        _ handOn: (ByteBuffer) throws -> Void
    ) async throws {
        let began = ContinuousClock.now
        let start = position
        do {
            try await withThrowingTaskGroup(of: Segment.self) { group in
                var waiting: [Int64: [ByteBuffer]] = [:]
                var requested = position
                var running = 0
                var isWorthIt = true
                while true {
                    // What came early waits in memory, so nobody runs far ahead.
                    let limit = min(position + Int64(policy.connections) * policy.segment, descriptor.size)
                    while isWorthIt, running < policy.connections, requested < limit {
                        let range = requested..<min(requested + policy.segment, descriptor.size)
                        let bytes = try client.blob(descriptor, in: repository, range, needsRanges: true)
                        group.addTask { try await Segment(bytes) }
                        requested = range.upperBound
                        running += 1
                    }
                    guard let segment = try await group.next() else { break }
                    running -= 1
                    waiting[segment.start] = segment.buffers
                    while let buffers = waiting.removeValue(forKey: position) {
                        for buffer in buffers { try take(buffer, handOn) }
                    }
                    if position - start >= 2 * Int64(policy.connections) * policy.segment {
                        let time = (ContinuousClock.now - began) / .seconds(1)
                        isWorthIt = Double(position - start) >= leastRate * time
                    }
                }
            }
        } catch RegistryClientError.rangesUnknown {
            // The rest comes over one connection.
        }
    }

    /// A part of a blob in memory.
    private struct Segment: Sendable {
        let start: Int64
        let buffers: [ByteBuffer]

        init(_ bytes: BlobBytes) async throws {
            start = bytes.start
            var buffers: [ByteBuffer] = []
            for try await buffer in bytes { buffers.append(buffer) }
            self.buffers = buffers
        }
    }
}
