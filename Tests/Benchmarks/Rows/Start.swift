/// Starting on a store that holds much: until the first answer.
struct Start: Benchmark {
    let name = "start"
    let store: LargeStore

    var contestants: [Contestant] { [.berthd] }

    var measures: [Measure] {
        [
            Measure(
                key: "start-time",
                title: "start on a store of \(store.tags) manifests, until a manifest is answered",
                unit: "ms",
                better: .lower,
                goals: [.atMost(300, "300 ms")]
            ),
            Measure(key: "start-memory", title: "… peak memory until then", unit: "MiB", better: .lower),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try bench.filledFolder("large-store") { try store.fill($0, on: bench) }
        let watch = Stopwatch()
        return try bench.withServer(contestant, data: data) { server in
            let tag = LargeStore.tag(store.tags - 1)
            _ = try Connection(port: server.port).request(
                "GET",
                "/v2/\(LargeStore.taggedRepository)/manifests/\(tag)",
                headers: ["Accept: \(manifestType)"],
                expecting: 200
            )
            var numbers = ["start-time": watch.seconds * 1000]
            numbers["start-memory"] = server.peakMemory
            return numbers
        }
    }
}
