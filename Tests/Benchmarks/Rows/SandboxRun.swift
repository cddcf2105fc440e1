/// The sandbox by itself: from what is laid out already to the program's exit.
struct SandboxRun: Benchmark {
    let name = "sandbox"
    let count: Int

    var contestants: [Contestant] { [.berth, .runc, .crun] }

    var measures: [Measure] {
        [
            Measure(
                key: "sandbox-time",
                title: "a made container (of the runtimes: a bundle) from its start to the exit of true",
                unit: "ms",
                better: .lower,
                goals: [.lessThan(.runc), .atMost(1.25, of: .crun)]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let times = contestant == .berth ? try berth(on: bench) : try runtime(contestant, on: bench)
        return ["sandbox-time": (median(times) ?? 0) * 1000]
    }

    private func berth(on bench: Bench) throws -> [Double] {
        try bench.withEngine(.berth) { engine in
            try TimedRun(engine.command + ["create", "--name", "made", "--network", "none", TinyImage.name, "true"])
            return try (0..<count).map { _ in try TimedRun(engine.command + ["start", "-a", "made"]).seconds }
        }
    }

    private func runtime(_ contestant: Contestant, on bench: Bench) throws -> [Double] {
        try bench.withBundle(of: contestant, running: ["true"]) { bundle in
            try (0..<count).map { index in try TimedRun(bundle.run("bench-\(index)")).seconds }
        }
    }
}

extension Bench {
    /// Gives `body` a bundle of the tiny image's files for a runtime by itself.
    func withBundle<Result>(
        of contestant: Contestant,
        running program: [String],
        _ body: (Bundle) throws -> Result
    ) throws -> Result {
        let image = try filledFolder("tiny-image") { try TinyImage.make(in: $0, with: berth) }
        return try withFreshFolder { folder in
            let view = contestant == .crun ? try ControlGroupView() : nil
            defer { view?.end() }
            let bundle = try Bundle(
                of: image.appending(TinyImage.root),
                running: program,
                by: (view?.prefix ?? []) + [contestant.rawValue],
                in: folder
            )
            return try body(bundle)
        }
    }
}
