import Glibc
import SystemPackage

/// A real image, pushed by a client to a registry that has nothing of it.
struct ClientPush: Benchmark {
    let name = "push-image"
    let image: RealImage

    var contestants: [Contestant] { [.berth, .podman, .docker, .skopeo] }

    var measures: [Measure] {
        [
            Measure(
                key: "push-image-time",
                title: "push of the same image",
                unit: "s",
                better: .lower,
                goals: [.lessThan(.skopeo), .lessThan(.podman)]
            ),
            Measure(
                key: "push-image-memory",
                title: "… peak memory",
                unit: "MiB",
                better: .lower,
                goals: [.atMost(100, "100 MiB")]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try bench.filledFolder("real-image") { try image.fill($0, on: bench) }
        return try bench.withFreshFolder { folder in
            let store = folder.appending("client")
            let target = folder.appending("registry")
            for path in [store, target] { mkdir(path.string, 0o755) }
            let client = try contestant.client(in: store, on: bench)
            defer { client.stop() }
            let log = bench.folder.appending("client.log").string
            let source = try bench.withServer(.berthd, data: data) { server in
                let name = "127.0.0.1:\(server.port)/\(RealImage.repository):\(RealImage.tag)"
                _ = try MeasuredRun(client.pull(name), log: log)
                return name
            }
            sync()
            return try bench.withServer(.berthd, data: target) { server in
                let name = "127.0.0.1:\(server.port)/bench/pushed:1"
                let runs = try client.push(source, as: name).map { try MeasuredRun($0, log: log) }
                return [
                    "push-image-time": runs.map(\.seconds).reduce(0, +),
                    "push-image-memory": client.peakMemory ?? runs.map(\.peakMemory).max() ?? 0,
                ]
            }
        }
    }
}
