/// A source of chance that gives the same for the same seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// True `count` times out of `total`.
    package mutating func happens(_ count: Int, outOf total: Int) -> Bool {
        Int.random(in: 0..<total, using: &self) < count
    }

    /// A text of at most `length` characters out of `alphabet`.
    package mutating func text(of alphabet: String, upTo length: Int) -> String {
        let characters = Array(alphabet)
        return String(
            (0..<Int.random(in: 0...length, using: &self)).compactMap { _ in characters.randomElement(using: &self) }
        )
    }
}
