/// The order of names in which numbers count as numbers: `build-9` before `build-10`.
enum NaturalOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (one, other) = (chunks(of: left), chunks(of: right))
        for (first, second) in zip(one, other) where first != second { return first < second }
        return one.count == other.count ? left < right : one.count < other.count
    }

    /// A run of digits by its length first, without its leading zeros; so any other text comes behind it.
    private struct Chunk: Comparable {
        let length: Int
        let bytes: [UInt8]

        static func < (left: Chunk, right: Chunk) -> Bool {
            guard left.length == right.length else { return left.length < right.length }
            return left.bytes.lexicographicallyPrecedes(right.bytes)
        }
    }

    private static func chunks(of text: String) -> [Chunk] {
        var chunks: [Chunk] = []
        var rest = Array(text.utf8)[...]
        let isDigit: (UInt8) -> Bool = { (48...57).contains($0) }
        while let first = rest.first {
            let run = rest.prefix { isDigit($0) == isDigit(first) }
            rest = rest[run.endIndex...]
            if isDigit(first) {
                let digits = Array(run.drop { $0 == 48 })
                chunks.append(Chunk(length: digits.count, bytes: digits))
            } else {
                chunks.append(Chunk(length: .max, bytes: Array(run)))
            }
        }
        return chunks
    }
}
