/// How often a quantity was at most how large.
package final class Histogram: Sendable {
    /// The buckets' upper bounds, in their order, in the unit of what is recorded.
    package let bounds: [Int]
    /// One for each bound, one for what is larger, and the sum.
    private let counts: CounterTable

    package init(bounds: [Int]) {
        self.bounds = bounds
        counts = CounterTable(count: bounds.count + 2)
    }

    /// For times in microseconds, from 100 µs to 5 minutes.
    package static func times() -> Histogram {
        Histogram(bounds: [
            100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
            5_000_000, 10_000_000, 30_000_000, 60_000_000, 300_000_000,
        ])
    }

    /// For numbers of bytes, from 256 B to 16 GiB.
    package static func sizes() -> Histogram {
        Histogram(bounds: stride(from: 8, through: 34, by: 2).map { 1 << $0 })
    }

    package func record(_ value: Int) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts.add(at: bucket)
        counts.add(value, at: bounds.count + 1)
    }

    package var sum: Int { counts[bounds.count + 1] }

    /// How many values were at most as large as each bound, and how many there are.
    package var cumulative: (atMost: [Int], count: Int) {
        var sum = 0
        let atMost = bounds.indices.map { index in
            sum += counts[index]
            return sum
        }
        return (atMost, sum + counts[bounds.count])
    }
}
