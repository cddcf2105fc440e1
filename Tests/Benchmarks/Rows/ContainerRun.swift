/// A program run to its end in a new container that goes then.
struct ContainerRun: Benchmark {
    let network: ContainerNetwork
    let count: Int

    var name: String { network == .none ? "run" : "run-bridge" }

    /// The others' bridges change the machine's firewall for good; podman's goes with its containers.
    var contestants: [Contestant] {
        network == .none ? [.berth, .podman, .podmanCrun, .docker] : [.berth, .podman]
    }

    var measures: [Measure] {
        let goals: [Goal] =
            network == .none
            ? [.atMost(40, "40 ms"), .atMost(0.25, of: .podman), .atMost(0.25, of: .docker)]
            : [.atMost(0.33, of: .podman)]
        return [
            Measure(
                key: "\(name)-time",
                title: "run --rm --network \(network.rawValue) of true",
                unit: "ms",
                better: .lower,
                goals: goals
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withEngine(contestant) { engine in
            // What the first one makes for all, such as a bridge, is no part of the others' time.
            _ = try engine.run(network, "true")
            let times = try (0..<count).map { _ in try engine.run(network, "true") * 1000 }
            return ["\(name)-time": median(times) ?? 0]
        }
    }
}
