/// Many large uploads and downloads at once: how much memory they take.
struct Crowd: Benchmark {
    let name = "memory"
    /// Uploads, and as many downloads.
    let count: Int
    let blobSize: Int

    var contestants: [Contestant] { [.berthd] }
    var maximumRounds: Int { 1 }

    var measures: [Measure] {
        [
            Measure(
                key: "memory-peak",
                title: "\(count) uploads and \(count) downloads of \(blobSize >> 20) MiB at once: peak memory",
                unit: "MiB",
                better: .lower,
                goals: [.atMost(200, "200 MiB")]
            ),
            Measure(key: "memory-time", title: "… until all were done", unit: "s", better: .lower),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        try bench.withFreshFolder { folder in
            let blob = bench.random.freshBody(count: blobSize)
            try bench.withServer(contestant, data: folder) { server in
                _ = try Connection(port: server.port).push(blob, to: "bench/crowd", style: .patch)
            }
            let uploads = (0..<count).map { _ in bench.random.freshBody(count: blobSize) }
            return try bench.withServer(contestant, data: folder) { server in
                let port = server.port
                let watch = Stopwatch()
                try onThreads(count * 2) { index in
                    let connection = try Connection(port: port)
                    if index < uploads.count {
                        _ = try connection.push(uploads[index], to: "bench/crowd", style: .patch)
                    } else {
                        let (path, size) = ("/v2/bench/crowd/blobs/\(blob.digest)", blob.count)
                        try connection.send("GET", path)
                        let answer = try connection.receiveHead()
                        guard try connection.discardBody(of: answer) == size, answer.status == 200 else {
                            throw BenchmarkError("a download ended early, or with \(answer.status)")
                        }
                    }
                }
                let seconds = watch.seconds
                guard let peak = server.peakMemory else { throw BenchmarkError("the server is gone") }
                return ["memory-peak": peak, "memory-time": seconds]
            }
        }
    }
}
