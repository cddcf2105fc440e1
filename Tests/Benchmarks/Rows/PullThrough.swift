import Foundation
import SystemPackage

/// A blob that a hub has, pulled through a cache that lacks it, and then from the cache; nginx is the hub itself.
struct PullThrough: Benchmark {
    let name = "through"
    /// In bytes: three seconds of the hub's.
    private static let size = 60 << 20
    private static let clients = 20

    var contestants: [Contestant] { [.berthd, .dockerRegistry, .nginx] }
    var maximumRounds: Int { 5 }

    var measures: [Measure] {
        [
            Measure(
                key: "through-cold",
                title: "pull through of a blob of 60 MiB, the hub gives 20 MB/s a connection (nginx: the hub itself)",
                unit: "s",
                better: .lower,
                goals: [.atMost(1.1, of: .nginx)]
            ),
            Measure(
                key: "through-first",
                title: "… until its first byte",
                unit: "ms",
                better: .lower,
                goals: [
                    Goal(text: "≤ nginx + 20 ms") { medians in
                        guard let own = medians[.berthd], let hub = medians[.nginx] else { return nil }
                        return own <= hub + 20
                    }
                ]
            ),
            Measure(
                key: "through-three",
                title: "… with three such endpoints",
                unit: "s",
                better: .lower,
                goals: [.atMost(0.5, of: .nginx)]
            ),
            Measure(
                key: "through-crowd",
                title: "… by \(Self.clients) clients at once, times what one takes",
                unit: "×",
                better: .lower,
                goals: [.atMost(1.2, "1.20")]
            ),
            Measure(
                key: "through-copies",
                title: "… how often the hub sends it",
                unit: "×",
                better: .lower,
                goals: [.atMost(1.05, "1.05")]
            ),
            Measure(
                key: "through-warm",
                title: "the same pulled again",
                unit: "MiB/s",
                better: .higher,
                goals: [.atLeast(1, of: .dockerRegistry)]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let blob = bench.random.freshBody(count: Self.size)
        let path = "/v2/bench/app/blobs/\(blob.digest)"
        return try bench.withFreshFolder { root in
            try writeFile(String(path.dropFirst()), in: root, Array(blob.start) + blob.tail)
            guard contestant != .nginx else {
                return try ThrottledHub.with(root, endpoints: 1, on: bench) { hub in
                    let times = try Self.get(path, from: hub.ports[0])
                    return [
                        "through-cold": times.whole, "through-first": times.first * 1000, "through-three": times.whole,
                    ]
                }
            }
            return try sample(contestant, path, root, on: bench)
        }
    }

    private func sample(
        _ contestant: Contestant,
        _ path: String,
        _ root: FilePath,
        on bench: Bench
    ) throws -> [String: Double] {
        var sample: [String: Double] = [:]
        var alone = 0.0
        try ThrottledHub.with(root, endpoints: 1, on: bench) { hub in
            try withCache(contestant, of: hub, on: bench) { port in
                let cold = try Self.get(path, from: port)
                alone = cold.whole
                sample["through-cold"] = cold.whole
                sample["through-first"] = cold.first * 1000
                usleep(200_000)
                let warm = try Self.get(path, from: port)
                sample["through-warm"] = Double(Self.size) / Double(1 << 20) / warm.whole
            }
        }
        try ThrottledHub.with(root, endpoints: 1, on: bench) { hub in
            try withCache(contestant, of: hub, on: bench) { port in
                let watch = Stopwatch()
                try onThreads(Self.clients) { _ in _ = try Self.get(path, from: port) }
                sample["through-crowd"] = watch.seconds / alone
            }
            usleep(100_000)
            sample["through-copies"] = Double(hub.sentBytes) / Double(Self.size)
        }
        guard contestant == .berthd else { return sample }
        try ThrottledHub.with(root, endpoints: 3, on: bench) { hub in
            try withCache(contestant, of: hub, on: bench) { port in
                sample["through-three"] = try Self.get(path, from: port).whole
            }
        }
        return sample
    }

    private func withCache(
        _ contestant: Contestant,
        of hub: ThrottledHub,
        on bench: Bench,
        _ body: (Int) throws -> Void
    ) throws {
        try bench.withFreshFolder { data in
            let port = try Server.freePort()
            let command =
                contestant == .berthd
                ? try Server.cachingBerthd(port: port, data: data, of: hub, on: bench)
                : try Server.cachingDockerRegistry(port: port, data: data, of: hub, on: bench)
            let server = try Server.start(contestant, port: port, command: command, on: bench)
            defer { server.stop() }
            try body(port)
        }
    }

    /// In seconds, until the first byte of the body and until the last.
    private static func get(_ path: String, from port: Int) throws -> (first: Double, whole: Double) {
        let watch = Stopwatch()
        let connection = try Connection(port: port)
        try connection.send("GET", path)
        let answer = try connection.receiveHead()
        let first = watch.seconds
        let received = try connection.discardBody(of: answer)
        guard answer.status == 200, received == size else {
            throw BenchmarkError("GET \(path) gave \(answer.status) and \(received) bytes, not \(size)")
        }
        return (first, watch.seconds)
    }
}
