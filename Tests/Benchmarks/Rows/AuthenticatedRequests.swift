/// A manifest by tag for those who say who they are, beside the same for nobody in particular.
struct AuthenticatedRequests: Benchmark {
    let name = "auth"
    let connections: Int
    let contestants = [Contestant.berthd]

    var measures: [Measure] {
        let share = { (key: String, title: String) in
            Measure(key: key, title: title, unit: "of it", better: .higher, goals: [.atLeast(0.9, "0.9")])
        }
        return [
            Measure(
                key: "auth-anonymous",
                title: "GET of a public manifest, by nobody, \(connections) connections",
                unit: "1/s",
                better: .higher
            ),
            share("auth-basic", "… by user and password"),
            share("auth-bearer", "… by a token of ours"),
            share("auth-private", "… of a private one, by a token of ours"),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try AccessFolder.make(on: bench)
        return try bench.withServer(contestant, data: data) { server in
            let (open, hidden, _) = AccessFolder.repositories
            let kinds: [(key: String, repository: String, headers: [String])] = [
                ("auth-anonymous", open, []),
                ("auth-basic", open, [AccessFolder.basic("reader")]),
                ("auth-bearer", open, [try AccessFolder.bearer("reader", for: open, of: server)]),
                ("auth-private", hidden, [try AccessFolder.bearer("reader", for: hidden, of: server)]),
            ]
            var rates: [String: Double] = [:]
            // In turns, so that what else the machine does falls on all of them.
            for turn in 0...3 {
                for kind in kinds {
                    let rate = try RequestRate.measure(
                        port: server.port,
                        path: "/v2/\(kind.repository)/manifests/latest",
                        seconds: turn == 0 ? 1 : max(1, bench.settings.requestSeconds / 2),
                        connections: connections,
                        headers: kind.headers
                    )
                    // The first turn warms up.
                    if turn > 0 { rates[kind.key, default: 0] += rate.perSecond / 3 }
                }
            }
            guard let anonymous = rates["auth-anonymous"] else { return [:] }
            return rates.mapValues { $0 == anonymous ? $0 : $0 / anonymous }
        }
    }
}
