import Foundation

/// What was measured: every sample, and what came of it.
struct Report: Encodable {
    /// One measure's numbers.
    struct Row: Encodable {
        let benchmark: String
        let key: String
        let title: String
        let unit: String
        /// Each round's number.
        var samples: [Contestant: [Double]] = [:]
        var medians: [Contestant: Double] = [:]
        /// Our median by another's.
        var ratios: [Contestant: Double] = [:]
        var goals: [Outcome] = []
    }

    struct Outcome: Encodable {
        let goal: String
        /// nil: it couldn't be told.
        let met: Bool?
    }

    /// A sample that couldn't be taken.
    struct Failure: Encodable {
        let benchmark: String
        let contestant: Contestant
        let round: Int
        let error: String
    }

    let machine: Machine
    let settings: Settings
    let started = Date()
    var rows: [Row] = []
    var failures: [Failure] = []

    /// Adds `benchmark`'s rows, given what each of `contestants` reached, round by round.
    mutating func add(_ benchmark: any Benchmark, samples: [Contestant: [[String: Double]]]) {
        for measure in benchmark.measures {
            var row = Row(benchmark: benchmark.name, key: measure.key, title: measure.title, unit: measure.unit)
            row.samples = samples.mapValues { $0.compactMap { $0[measure.key] } }.filter { !$0.value.isEmpty }
            row.medians = row.samples.compactMapValues(median)
            if let own = row.medians.own {
                for (contestant, theirs) in row.medians where !contestant.isOurs && theirs > 0 {
                    row.ratios[contestant] = own / theirs
                }
            }
            row.goals = measure.goals.map { Outcome(goal: $0.text, met: $0.isMet(row.medians)) }
            rows.append(row)
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}
