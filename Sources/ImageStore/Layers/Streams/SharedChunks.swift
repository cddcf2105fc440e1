/// A few chunks that one thread fills while others use them, each of those all of them, in order.
///
/// The one that fills them waits for the slowest of those that use them, and they wait for it: memory is bounded.
final class SharedChunks: @unchecked Sendable {
    // A chunk's room is written only while no reader may have it, from `room()` to `append`, and is read only by
    // readers that have not moved on; what says so is in `progress`.
    private let rooms: [UnsafeMutableRawBufferPointer]
    private let progress: WaitableValue<Progress>

    private struct Progress {
        /// What is in each room.
        var contents: [Content]
        /// How many chunks were filled so far.
        var filled = 0
        /// How many chunks each reader is done with.
        var used: [Int]
        var isAtEnd = false
        var failure: LayerFailure?

        var isFull: Bool { filled - (used.min() ?? filled) == contents.count }
    }

    private struct Content {
        var count = 0
        var compressedCount: Int64 = 0
    }

    /// - Parameters:
    ///   - readers: how many there are; each must read to the end.
    ///   - size: of a chunk, in bytes.
    init(readers: Int, count: Int = 6, size: Int = 512 << 10) {
        rooms = (0..<count).map { _ in .allocate(byteCount: size, alignment: 64) }
        progress = WaitableValue(
            Progress(contents: Array(repeating: Content(), count: count), used: Array(repeating: 0, count: readers))
        )
    }

    deinit {
        for room in rooms { room.deallocate() }
    }

    /// Fills chunks until the stream ends or fails, which the readers learn behind the last chunk.
    func fill(from stream: () throws(LayerFailure) -> DecompressedStream) {
        var failure: LayerFailure?
        do {
            let stream = try stream()
            while case let count = try stream.read(into: room()), count > 0 {
                append(Content(count: count, compressedCount: stream.compressedCount))
            }
        } catch {
            failure = error
        }
        progress.update {
            $0.failure = failure
            $0.isAtEnd = true
        }
    }

    private func room() -> UnsafeMutableRawBufferPointer {
        progress.wait { $0.isFull ? nil : rooms[$0.filled % rooms.count] }
    }

    private func append(_ content: Content) {
        progress.update {
            $0.contents[$0.filled % $0.contents.count] = content
            $0.filled += 1
        }
    }

    /// Waits for the chunk with this number, and lets those before it go; nil at the end.
    private func chunk(_ number: Int, for reader: Int) throws(LayerFailure) -> (UnsafeRawBufferPointer, Int64)? {
        progress.update { $0.used[reader] = number }
        let index = number % rooms.count
        let (content, failure) = progress.wait { state -> (Content?, LayerFailure?)? in
            guard state.filled <= number else { return (state.contents[index], nil) }
            return state.isAtEnd ? (nil, state.failure) : nil
        }
        if let failure { throw failure }
        guard let content else { return nil }
        return (UnsafeRawBufferPointer(rebasing: rooms[index][..<content.count]), content.compressedCount)
    }
}

extension SharedChunks {
    /// One of those that read all chunks; used by one thread.
    final class Reader: ByteChunks {
        private let chunks: SharedChunks
        private let index: Int
        private var number = 0
        private(set) var compressedCount: Int64 = 0

        init(_ index: Int, of chunks: SharedChunks) {
            self.chunks = chunks
            self.index = index
        }

        func next() throws(LayerFailure) -> UnsafeRawBufferPointer? {
            guard let (bytes, compressedCount) = try chunks.chunk(number, for: index) else { return nil }
            number += 1
            self.compressedCount = compressedCount
            return bytes
        }
    }
}
