/// The list of many containers.
struct ContainerList: Benchmark {
    let name = "ps"
    let count: Int

    var contestants: [Contestant] { [.berth, .podman, .docker] }
    var maximumRounds: Int { 2 }

    var measures: [Measure] {
        [
            Measure(
                key: "ps-time",
                title: "ps -a with \(count) containers",
                unit: "ms",
                better: .lower,
                goals: [.atMost(50, "50 ms")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withEngine(contestant) { engine in
            let create =
                engine.command + ["create", "--network", "none"] + engine.runOptions + [TinyImage.name, "true"]
            for _ in 0..<count { try TimedRun(create) }
            let times = try (0..<10).map { _ in try TimedRun(engine.command + ["ps", "-a"]).seconds * 1000 }
            return ["ps-time": median(times) ?? 0]
        }
    }
}
