import Foundation

/// Times that were measured, in microseconds.
struct Distribution {
    private let sorted: [Double]

    init(_ times: [Double]) {
        sorted = times.sorted()
    }

    func percentile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var median: Double { percentile(0.5) }

    /// How likely one of these is larger than one of `other`, those that are the same by half: 0.5 when nothing tells
    /// them apart.
    ///
    /// - SeeAlso: H. B. Mann, D. R. Whitney, 1947.
    func superiority(over other: Distribution) -> Double {
        var (below, equal) = (0, 0)
        var (wins, ties) = (0.0, 0.0)
        for value in sorted {
            while below < other.sorted.count, other.sorted[below] < value { below += 1 }
            equal = max(equal, below)
            while equal < other.sorted.count, other.sorted[equal] == value { equal += 1 }
            wins += Double(below)
            ties += Double(equal - below)
        }
        return (wins + ties / 2) / (Double(sorted.count) * Double(other.sorted.count))
    }

    /// Between which bounds the difference of the medians lies with a likelihood of 95 %, by drawing again from what was
    /// measured.
    func medianDifference(from other: Distribution, draws: Int = 400) -> ClosedRange<Double> {
        var generator = SystemRandomNumberGenerator()
        let differences = (0..<draws).map { _ in
            drawnMedian(&generator) - other.drawnMedian(&generator)
        }.sorted()
        return differences[draws / 40]...differences[draws - 1 - draws / 40]
    }

    private func drawnMedian(_ generator: inout SystemRandomNumberGenerator) -> Double {
        var drawn = (0..<sorted.count).map { _ in Int.random(in: 0..<sorted.count, using: &generator) }
        drawn.sort()
        return sorted[drawn[drawn.count / 2]]
    }

    /// A bar for each of 24 parts of the range up to `limit`, the last for what lies beyond.
    func histogram(from start: Double, to limit: Double) -> String {
        let bars = Array(" ▁▂▃▄▅▆▇█")
        var counts = [Int](repeating: 0, count: 24)
        for value in sorted {
            let place = Int((value - start) / max(limit - start, 0.001) * 23)
            counts[min(23, max(0, place))] += 1
        }
        let highest = max(1, counts.max() ?? 1)
        return String(counts.map { bars[($0 * 8 + highest - 1) / highest] })
    }

    var summary: String {
        "p50 \(decimal(median, places: 1))  p90 \(decimal(percentile(0.9), places: 1))  "
            + "p99 \(decimal(percentile(0.99), places: 1)) µs"
    }
}
