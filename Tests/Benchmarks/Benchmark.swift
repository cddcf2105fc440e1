/// One piece of work, done by each contestant in turn, round by round.
protocol Benchmark {
    /// What `--only` calls it.
    var name: String { get }
    /// The numbers it gives, in the report's order.
    var measures: [Measure] { get }
    var contestants: [Contestant] { get }
    /// How many rounds are worth their time.
    var maximumRounds: Int { get }

    /// Takes one sample: starts what it needs, works, and stops it.
    ///
    /// - Returns: by a measure's ``Measure/key``, its number.
    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double]
}

extension Benchmark {
    var contestants: [Contestant] { [.berthd, .dockerRegistry, .nginx] }
    var maximumRounds: Int { .max }
}
