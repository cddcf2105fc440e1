import Synchronization

/// Names the generations of stored bytes, so that no two are the same, and knows again those of its own.
///
/// It tells bytes that a push of this process may be about to make known from those that a process before left behind,
/// and no clock is needed for it.
final class BlobGenerations: Sendable {
    private let prefix: String
    private let count = Atomic<UInt32>(0)

    init() {
        prefix = Self.digits(UInt64.random(in: 0 ... .max), count: 16)
    }

    /// A generation that was never given before.
    func next() -> String {
        prefix + Self.digits(UInt64(count.wrappingAdd(1, ordering: .relaxed).newValue), count: 8)
    }

    /// Whether ``next()`` gave `generation`.
    func includes(_ generation: some StringProtocol) -> Bool {
        generation.hasPrefix(prefix)
    }

    private static func digits(_ number: UInt64, count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
