/// Another program run in a container that runs.
struct ContainerExec: Benchmark {
    let name = "exec"
    let count: Int

    var contestants: [Contestant] { [.berth, .podman, .docker, .runc, .crun] }

    var measures: [Measure] {
        [
            Measure(
                key: "exec-time",
                title: "exec of true in a container that runs",
                unit: "ms",
                better: .lower,
                goals: [.atMost(25, "25 ms")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let times =
            contestant == .runc || contestant == .crun
            ? try runtime(contestant, on: bench) : try engine(contestant, on: bench)
        return ["exec-time": (median(times) ?? 0) * 1000]
    }

    private func engine(_ contestant: Contestant, on bench: Bench) throws -> [Double] {
        try bench.withEngine(contestant) { engine in
            try engine.start("lasting")
            defer { try? engine.remove(["lasting"]) }
            return try (0..<count).map { _ in try engine.exec("lasting", "true") }
        }
    }

    private func runtime(_ contestant: Contestant, on bench: Bench) throws -> [Double] {
        try bench.withBundle(of: contestant, running: ["sleep", "100000"]) { bundle in
            try TimedRun(bundle.start("bench-lasting"))
            defer { _ = try? TimedRun(bundle.delete("bench-lasting")) }
            return try (0..<count).map { _ in try TimedRun(bundle.exec("bench-lasting", "true")).seconds }
        }
    }
}
