import SystemPackage

/// A real image, copied from a registry to an image layout: nobody unpacks it.
struct ClientCopy: Benchmark {
    let name = "copy"
    let image: RealImage

    var contestants: [Contestant] { [.berth, .skopeo] }

    var measures: [Measure] {
        [
            Measure(
                key: "copy-time",
                title: "copy of the same image to a layout, not unpacked",
                unit: "s",
                better: .lower,
                goals: [.lessThan(.skopeo)]
            ),
            Measure(
                key: "copy-memory",
                title: "… peak memory",
                unit: "MiB",
                better: .lower,
                goals: [.atMost(100, "100 MiB")]
            ),
            Measure(key: "copy-again", title: "… and again, when all is there", unit: "ms", better: .lower),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try bench.filledFolder("real-image") { try image.fill($0, on: bench) }
        return try bench.withFreshFolder { folder in
            try bench.withServer(.berthd, data: data) { server in
                let name = "127.0.0.1:\(server.port)/\(RealImage.repository):\(RealImage.tag)"
                let layout = "oci:\(folder.appending("layout")):image"
                let copy =
                    switch contestant {
                    case .berth:
                        BerthClient(program: bench.berth, store: folder.appending("store")).copy(name, to: layout)
                    // That is what its pull is.
                    default: SkopeoClient(folder: folder).pull(name)
                    }
                let log = bench.folder.appending("client.log").string
                let first = try MeasuredRun(copy, log: log)
                var again: [Double] = []
                for _ in 0..<5 { again.append(try TimedRun(copy).seconds * 1000) }
                return [
                    "copy-time": first.seconds, "copy-memory": first.peakMemory, "copy-again": median(again) ?? 0,
                ]
            }
        }
    }
}
