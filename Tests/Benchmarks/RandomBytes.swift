import ImageSpec

/// Random bytes in memory, of which any number of different bodies are made without hashing them whole each time.
///
/// A registry stores what it has already no second time, so every push needs bytes of its own: they are the same
/// but for a tail, and only the tail is hashed anew.
final class RandomBytes {
    static let tailCount = 64
    let bytes: UnsafeMutableRawBufferPointer
    /// Hashers of all but the tail, by the body's size.
    private var hashers: [Int: DigestHasher] = [:]

    init(count: Int) throws {
        bytes = .allocate(byteCount: count, alignment: 4096)
        try fillWithRandomBytes(bytes)
    }

    deinit {
        bytes.deallocate()
    }

    /// A body of `count` bytes that no one has seen before.
    func freshBody(count: Int) -> FreshBody {
        let start = UnsafeRawBufferPointer(rebasing: bytes[..<(count - Self.tailCount)])
        var hasher = hashers[count] ?? DigestHasher(.sha256)
        if hashers[count] == nil {
            hasher.update(start)
            hashers[count] = hasher
        }
        var generator = SystemRandomNumberGenerator()
        let tail = (0..<Self.tailCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        tail.withUnsafeBytes { hasher.update($0) }
        return FreshBody(start: start, tail: tail, digest: hasher.finalize())
    }
}

/// A body to push: most of it shared with others in memory, its end its own.
struct FreshBody: @unchecked Sendable {
    // Unchecked: the bytes are written once, before any body is made of them, and outlive the benchmarks.
    let start: UnsafeRawBufferPointer
    let tail: [UInt8]
    let digest: Digest

    var count: Int { start.count + tail.count }
}
