import SystemPackage

/// A real image, pulled by a client that has nothing of it, and then once more.
struct ClientPull: Benchmark {
    let name = "pull"
    let image: RealImage

    var contestants: [Contestant] { [.berth, .podman, .docker, .skopeo] }

    var measures: [Measure] {
        [
            Measure(
                key: "pull-time",
                title: "pull of an image of about \(image.size >> 20) MiB, unpacked (by skopeo not)",
                unit: "s",
                better: .lower,
                goals: [.atMost(0.25, of: .podman), .atMost(0.25, of: .docker), .lessThan(.skopeo)]
            ),
            Measure(
                key: "pull-memory",
                title: "… peak memory (docker's: the engine's)",
                unit: "MiB",
                better: .lower,
                goals: [.atMost(100, "100 MiB")]
            ),
            Measure(
                key: "pull-again",
                title: "… and again, when all is here",
                unit: "ms",
                better: .lower,
                goals: [.atMost(20, "20 ms")]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try bench.filledFolder("real-image") { try image.fill($0, on: bench) }
        return try bench.withFreshFolder { folder in
            try bench.withServer(.berthd, data: data) { server in
                let client = try contestant.client(in: folder, on: bench)
                defer { client.stop() }
                let name = "127.0.0.1:\(server.port)/\(RealImage.repository):\(RealImage.tag)"
                let log = bench.folder.appending("client.log").string
                let first = try MeasuredRun(client.pull(name), log: log)
                var again: [Double] = []
                for _ in 0..<5 { again.append(try TimedRun(client.pull(name)).seconds * 1000) }
                return [
                    "pull-time": first.seconds, "pull-memory": client.peakMemory ?? first.peakMemory,
                    "pull-again": median(again) ?? 0,
                ]
            }
        }
    }
}
