import Foundation
import ImageSpec
import SystemPackage

/// A large blob, pushed: until the answer says that it is on disk.
struct BlobUpload: Benchmark {
    let name: String
    let style: Connection.PushStyle

    var contestants: [Contestant] { [.berthd, .dockerRegistry, .disk, .sha256] }

    var measures: [Measure] {
        [
            Measure(
                key: "\(name)-throughput",
                title: "PUT of a large blob, \(style == .patch ? "POST PATCH PUT" : "POST PUT")",
                unit: "MiB/s",
                better: .higher,
                goals: [.atLeast(1.3, of: .dockerRegistry), Self.nearTheMachine]
            ),
            Measure(
                key: "\(name)-finish",
                title: "… from its last byte to its 201",
                unit: "ms",
                better: .lower,
                goals: [.atMost(500, "500 ms"), .lessThan(.dockerRegistry)]
            ),
            Measure(
                key: "\(name)-cpu",
                title: "… the server's CPU time",
                unit: "s/GiB",
                better: .lower
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let blob = bench.random.freshBody(count: bench.settings.blobSize)
        let mebibytes = Double(blob.count) / Double(1 << 20)
        switch contestant {
        case .disk:
            let seconds = try bench.withFreshFolder { try Self.copyToDisk(blob, folder: $0) }
            return ["\(name)-throughput": mebibytes / seconds]
        case .sha256:
            let watch = Stopwatch()
            var hasher = DigestHasher(.sha256)
            hasher.update(blob.start)
            _ = hasher.finalize()
            return ["\(name)-throughput": mebibytes / watch.seconds]
        default:
            return try bench.withFreshFolder { folder in
                try bench.withServer(contestant, data: folder) { server in
                    let connection = try Connection(port: server.port)
                    let before = server.processorTime
                    let times = try connection.push(blob, to: "bench/large", style: style)
                    let processorTime = server.processorTime - before
                    return [
                        "\(name)-throughput": mebibytes / times.whole,
                        "\(name)-finish": times.afterLastByte * 1000,
                        "\(name)-cpu": processorTime / (mebibytes / 1024),
                    ]
                }
            }
        }
    }

    private static var nearTheMachine: Goal {
        Goal(text: "≥ 0.90 × the slower of disk and sha256") { medians in
            guard let own = medians[.berthd], let disk = medians[.disk], let hash = medians[.sha256] else { return nil }
            return own >= 0.9 * min(disk, hash)
        }
    }

    /// Copies `blob` out of the page cache to the disk, as `dd conv=fdatasync` does.
    ///
    /// - Returns: the seconds that it took.
    private static func copyToDisk(_ blob: FreshBody, folder: FilePath) throws -> Double {
        let source = folder.appending("source").string
        guard FileManager.default.createFile(atPath: source, contents: nil),
            let file = FileHandle(forWritingAtPath: source)
        else { throw BenchmarkError("can't write \(source)") }
        var rest = blob.start[...]
        while !rest.isEmpty {
            file.write(Data(rest.prefix(16 << 20)))
            rest = rest.dropFirst(16 << 20)
        }
        try file.close()
        Glibc.sync()
        let watch = Stopwatch()
        let target = folder.appending("target").string
        try Program.run("dd", "if=\(source)", "of=\(target)", "bs=1M", "conv=fdatasync", "status=none")
        return watch.seconds
    }
}
