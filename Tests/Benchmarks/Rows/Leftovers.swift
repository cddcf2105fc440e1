import Foundation
import SystemPackage

/// What many containers that are gone have left on the machine: mounts, links, control groups, firewall rules, folders.
struct Leftovers: Benchmark {
    let name = "leftovers"
    let count: Int

    var contestants: [Contestant] { [.berth] }
    var maximumRounds: Int { 1 }

    var measures: [Measure] {
        [
            Measure(
                key: "leftovers-count",
                title: "mounts, links, control groups, firewall rules and folders left by \(count) runs",
                unit: "",
                better: .lower,
                goals: [.atMost(0, "0")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withEngine(contestant) { engine in
            // What the first one makes for all stays.
            _ = try engine.run(.bridge, "true")
            let store = engine.command.last ?? ""
            let before = try Self.traces(of: store)
            for index in 0..<count { _ = try engine.run(index % 2 == 0 ? .none : .bridge, "true") }
            var left = try Self.traces(of: store).filter { $0.value > before[$0.key] ?? 0 }
            // What others do on this machine meanwhile is gone a little later.
            for _ in 0..<5 where !left.isEmpty {
                sleep(2)
                left = try Self.traces(of: store).filter { $0.value > before[$0.key] ?? 0 }
            }
            if !left.isEmpty { FileHandle.standardError.write(Data("left: \(left), before: \(before)\n".utf8)) }
            return ["leftovers-count": Double(left.map { $0.value - (before[$0.key] ?? 0) }.reduce(0, +))]
        }
    }

    private static func traces(of store: String) throws -> [String: Int] {
        func count(_ script: String) throws -> Int {
            let text = try Program.run("sh", "-c", script, "sh", store)
            return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
        return [
            "mounts": try count("wc -l < /proc/self/mountinfo"),
            "links": try count("ls /sys/class/net | wc -l"),
            "control groups": try count("find /sys/fs/cgroup -type d | wc -l"),
            "firewall": try count("(nft list ruleset 2>/dev/null || true) | wc -l"),
            "folders": try count("find \"$1/containers\" | wc -l"),
            "temporary files": try count("find \"$1/tmp\" \"$1/leases\" | wc -l"),
        ]
    }
}
