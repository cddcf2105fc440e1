/// How much one layer may ask for before it is refused.
///
/// The defaults let every honest layer pass; they bound what a hostile one costs.
package struct LayerLimits: Sendable, Equatable {
    /// How many entries the archive may have.
    package var entries = 4_000_000
    /// How large the uncompressed archive, and the sum of its files' sizes, may be, in bytes.
    package var bytes: Int64 = 1 << 40
    /// How many times larger than the blob the uncompressed archive may be, once it is larger than
    /// ``bytesAtAnyRatio``.
    package var ratio: Int64 = 2000
    /// In bytes.
    package var bytesAtAnyRatio: Int64 = 1 << 28
    /// How much memory the applier may use, in bytes of address space.
    package var addressSpace: Int64 = 4 << 30

    package init() {}
}

extension LayerLimits {
    /// The limits as arguments for the applier's process.
    var arguments: [String] {
        [String(entries), String(bytes), String(ratio), String(bytesAtAnyRatio), String(addressSpace)]
    }

    /// Reads what ``arguments`` gives; nil when it isn't that.
    init?(arguments: [String]) {
        let numbers = arguments.compactMap { Int64($0) }
        guard arguments.count == 5, numbers.count == 5, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        entries = Int(numbers[0])
        bytes = numbers[1]
        ratio = numbers[2]
        bytesAtAnyRatio = numbers[3]
        addressSpace = numbers[4]
    }
}
