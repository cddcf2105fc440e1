/// Many containers started at the same time.
struct ContainersAtOnce: Benchmark {
    let name = "at-once"
    let count: Int

    var contestants: [Contestant] { [.berth, .podman, .docker] }
    var maximumRounds: Int { 2 }

    var measures: [Measure] {
        [
            Measure(
                key: "at-once-time",
                title: "\(count) containers started at once, until all run",
                unit: "s",
                better: .lower,
                goals: [.atMost(5, "5 s")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withEngine(contestant) { engine in
            let names = (0..<count).map { "many-\($0)" }
            defer { try? engine.remove(names) }
            let start = engine.command + ["run", "-d", "--network", "none", "--name"]
            let options = engine.runOptions + [TinyImage.name, "sleep", "100000"]
            let watch = Stopwatch()
            try onThreads(count) { index in try TimedRun(start + [names[index]] + options) }
            return ["at-once-time": watch.seconds]
        }
    }
}
