import SystemPackage

/// Small answers over many connections: a manifest by tag, or the sign that this is a registry.
struct SmallRequests: Benchmark {
    enum Subject { case manifest, version }

    let name: String
    let subject: Subject
    let connections: Int

    var measures: [Measure] {
        let what = subject == .manifest ? "a manifest by tag" : "/v2/"
        let goals: [Goal] =
            switch subject {
            case .manifest:
                [
                    .either(.atLeast(20_000, "20000/s"), .atLeast(5, of: .dockerRegistry)),
                    .atLeast(1.0 / 3, of: .nginx),
                ]
            case .version: [.atLeast(40_000, "40000/s")]
            }
        return [
            Measure(
                key: "\(name)-rate",
                title: "GET of \(what), \(connections) connections",
                unit: "1/s",
                better: .higher,
                goals: goals
            ),
            Measure(key: "\(name)-p99", title: "… the 99th percentile", unit: "ms", better: .lower),
            Measure(key: "\(name)-cpu", title: "… the server's CPU time", unit: "µs/request", better: .lower),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try bench.filledFolder("\(contestant.rawValue)-small") { try fill($0, contestant, on: bench) }
        let path = subject == .manifest ? "/v2/bench/small/manifests/latest" : "/v2/"
        let seconds = bench.settings.requestSeconds
        return try bench.withServer(contestant, data: data) { server in
            _ = try RequestRate.measure(port: server.port, path: path, seconds: 1, connections: connections)
            let before = server.processorTime
            let rate = try RequestRate.measure(
                port: server.port,
                path: path,
                seconds: seconds,
                connections: connections
            )
            let processorTime = server.processorTime - before
            var numbers = [
                "\(name)-rate": rate.perSecond,
                "\(name)-cpu": processorTime * 1e6 / (rate.perSecond * Double(seconds)),
            ]
            numbers["\(name)-p99"] = rate.slowest
            return numbers
        }
    }

    private func fill(_ folder: FilePath, _ contestant: Contestant, on bench: Bench) throws {
        if contestant == .nginx {
            // The same answer, so what a registry stores.
            let stored = try bench.withFreshFolder { fresh in
                try bench.withServer(.dockerRegistry, data: fresh) { try Self.push(to: $0) }
            }
            return try writeFile("v2/bench/small/manifests/latest", in: folder, stored)
        }
        _ = try bench.withServer(contestant, data: folder) { try Self.push(to: $0) }
    }

    private static func push(to server: Server) throws -> [UInt8] {
        let layers = (1...5).map { number in Array("layer \(number)".utf8) }
        return try Connection(port: server.port)
            .pushImage(config: Array("{}".utf8), layers: layers, to: "bench/small", tag: "latest")
    }
}
