import Foundation

/// What stays in memory beside a container that runs.
struct MonitorMemory: Benchmark {
    let name = "monitor"
    var contestants: [Contestant] { [.berth, .podman] }
    var maximumRounds: Int { 1 }

    var measures: [Measure] {
        [
            Measure(
                key: "monitor-memory",
                title: "what is resident beside a container that runs (podman's: conmon)",
                unit: "MiB",
                better: .lower,
                goals: [.atMost(10, "10 MiB")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withEngine(contestant) { engine in
            try engine.start("lasting")
            defer { try? engine.remove(["lasting"]) }
            // What it does at the start is done.
            usleep(2_000_000)
            let program = contestant == .berth ? "berth-monitor" : "conmon"
            let store = engine.command.first { $0.hasPrefix("\(bench.folder)/") } ?? ""
            guard let memory = Self.residentMemory(of: program, for: store) else {
                throw BenchmarkError("no \(program) runs")
            }
            return ["monitor-memory": memory]
        }
    }

    /// In MiB.
    private static func residentMemory(of program: String, for store: String) -> Double? {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in processes where Int(process) != nil {
            guard let words = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
                words.split(separator: "\0").first?.hasSuffix(program) == true, words.contains(store),
                let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
                let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
            else { continue }
            return kibibytes / 1024
        }
        return nil
    }
}
