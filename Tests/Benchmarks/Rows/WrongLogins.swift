/// Pulls while very many try wrong passwords, each from an address of its own, so that none is locked out for another's.
struct WrongLogins: Benchmark {
    let name = "logins"
    let clients: Int
    let connections: Int
    let contestants = [Contestant.berthd]

    var measures: [Measure] {
        [
            Measure(
                key: "logins-quiet",
                title: "GET of a manifest, \(connections) connections, nobody else there",
                unit: "1/s",
                better: .higher
            ),
            Measure(
                key: "logins-share",
                title: "… while \(clients) clients try wrong passwords, each again as it is answered",
                unit: "of it",
                better: .higher,
                goals: [.atLeast(0.8, "0.8")]
            ),
            Measure(key: "logins-p99", title: "… the 99th percentile", unit: "ms", better: .lower),
            Measure(
                key: "logins-answered",
                title: "… logins that were answered meanwhile",
                unit: "1/s",
                better: .higher
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try AccessFolder.make(on: bench)
        let seconds = bench.settings.requestSeconds
        return try bench.withServer(contestant, data: data) { server in
            let path = "/v2/\(AccessFolder.repositories.open)/manifests/latest"
            let measure = { @Sendable [port = server.port, connections] (seconds: Int) in
                try RequestRate.measure(port: port, path: path, seconds: seconds, connections: connections)
            }
            _ = try measure(1)
            let quiet = try measure(seconds)
            let logins = LoginStorm(port: server.port, clients: clients)
            let storm = try logins.during { try measure(seconds) }
            var numbers = [
                "logins-quiet": quiet.perSecond,
                "logins-share": storm.value.perSecond / quiet.perSecond,
                "logins-answered": Double(storm.answers) / storm.seconds,
            ]
            numbers["logins-p99"] = storm.value.slowest
            return numbers
        }
    }
}
