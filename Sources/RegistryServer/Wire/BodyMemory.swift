import Synchronization

/// The memory that all bodies may take together which must be held whole: manifests on their way in.
final class BodyMemory: Sendable {
    /// In bytes.
    private static let limit = 256 << 20

    private let used = Atomic<Int>(0)

    /// Takes `byteCount` bytes, which are given back by ``release(_:)``.
    ///
    /// - Throws: ``WireError`` when too much is taken already.
    func claim(_ byteCount: Int) throws(WireError) {
        guard used.wrappingAdd(byteCount, ordering: .relaxed).newValue > Self.limit else { return }
        release(byteCount)
        throw WireError(
            .serviceUnavailable,
            .unavailable,
            "the registry is receiving as many manifests as it can hold; try again later",
            headers: [.retryAfter: "1", .connection: "close"]
        )
    }

    func release(_ byteCount: Int) {
        used.wrappingSubtract(byteCount, ordering: .relaxed)
    }
}
